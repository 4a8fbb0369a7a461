"""Text messages on the screen of whoever runs the portal; for development only, because codes can be read there."""

import sys

from messaging.gateways.gateway import Gateway, Sms


class ConsoleGateway(Gateway[Sms]):
    name = "console"

    def hand_over(self, parcel: Sms) -> str:
        sys.stdout.write(f"--- SMS to {parcel.to}\n{parcel.text}\n---\n")
        sys.stdout.flush()
        return parcel.idempotency_key

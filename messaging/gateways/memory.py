"""Text messages in a list, as Django's `mail.outbox`; for development only."""

from messaging.gateways.gateway import Gateway, Sms

outbox: list[Sms] = []


class MemoryGateway(Gateway[Sms]):
    name = "memory"

    def hand_over(self, parcel: Sms) -> str:
        outbox.append(parcel)
        return parcel.idempotency_key

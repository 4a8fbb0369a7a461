"""Text messages by Twilio (Messages API, 2010-04-01).

`twilio://SID:TOKEN@api.twilio.com/?from=+12025550123`: the default sender, which is a number, a name, or the SID of a
messaging service (MG...). With an API key in place of the account's SID and token, `account=AC...` names the account.
"""

import base64
import hmac
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlencode

from messaging.gateways.answers import failure_of, reason_of, required, word
from messaging.gateways.exchange import LATER, HttpAnswer, ProviderExchange
from messaging.gateways.gateway import (
    Callback,
    GatewayUnavailable,
    GatewayUnfit,
    Outcome,
    OutcomeState,
    ReceiptEntry,
    ReceiptNotUnderstood,
    Sms,
)

REFUSED = {"21211", "21214", "21217", "21265", "21266", "21268", "21610", "21614", "21635"}
"""No number that takes text messages, or one that has asked for none."""
UNFIT = {"21408", "21602", "21605", "21612", "21617", "21654", "21655", "21656"}
"""A country that this account may not reach, a text too long, a pair of sender and receiver without a route."""
STATES: dict[str, OutcomeState] = {
    "accepted": "queued",
    "scheduled": "queued",
    "queued": "queued",
    "sending": "queued",
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "undelivered",
    "failed": "undelivered",
    "canceled": "undelivered",
}


class TwilioGateway(ProviderExchange):
    name = "twilio"
    form = "twilio://SID:TOKEN@api.twilio.com/?from=SENDER"
    known_options = frozenset({"from", "account"})
    can_be_asked = True

    def __init__(self, url: str) -> None:
        super().__init__(url)
        pair = base64.b64encode(f"{self.address.user}:{self.address.password}".encode()).decode()
        self.headers = {"Authorization": f"Basic {pair}", "Accept": "application/json"}
        account = self.address.options.get("account") or self.address.user
        self.path = f"/2010-04-01/Accounts/{quote(account, safe='')}/Messages"

    def hand_over(self, parcel: Sms) -> str:
        sender = parcel.sender_name or self.address.options.get("from", "")
        if not sender:
            raise GatewayUnfit("no sender")
        form = {"To": parcel.to, "MessagingServiceSid" if sender.startswith("MG") else "From": sender}
        form |= {"Body": parcel.text} | ({"StatusCallback": self.callback} if self.callback else {})
        headers = self.headers | {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self.exchange("POST", f"{self.path}.json", urlencode(form).encode(), headers)
        if not 200 <= answer.status < 300:
            raise _failure(answer)
        found = word(answer.content, "sid")
        if not found:
            raise GatewayUnavailable(f"http {answer.status} without a sid")
        return found

    def is_genuine(self, callback: Callback) -> bool:
        """Twilio signs with the account's token, which we do not have where we are known by an API key."""
        if "account" in self.address.options:
            return True
        right = signature(callback.address, callback.body, self.address.password)
        return hmac.compare_digest(right.encode(), callback.headers.get("X-Twilio-Signature", "").encode())

    def ask(self, provider_id: str, to: str, sent_at: datetime) -> Outcome | None:
        answer = self.exchange("GET", f"{self.path}/{quote(provider_id, safe='')}.json", None, self.headers)
        if answer.status == 404:
            return None
        if answer.status != 200 or word(answer.content, "status") not in STATES:
            raise GatewayUnavailable(f"http {answer.status} without a known status")
        state = STATES[word(answer.content, "status")]
        return Outcome(state, _moment(answer.content), reason_of([word(answer.content, "error_code")]))

    def parse_receipts(self, body: str, content_type: str) -> list[ReceiptEntry]:
        try:
            form = {name: values[0] for name, values in parse_qs(body, max_num_fields=200).items()}
        except ValueError:
            raise ReceiptNotUnderstood("no form") from None
        state = STATES.get(required(form, "MessageStatus"))
        if state is None:
            raise ReceiptNotUnderstood("unknown status")
        return [ReceiptEntry(required(form, "MessageSid"), Outcome(state, None, reason_of([word(form, "ErrorCode")])))]


def signature(address: str, body: bytes, token: str) -> str:
    """The signature of a form that is posted to an address (https://www.twilio.com/docs/usage/security)."""
    try:
        form = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=200)
    except ValueError:
        form = []
    signed = address + "".join(f"{name}{value}" for name, value in sorted(set(form)))
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), "sha1")).decode()


def _failure(answer: HttpAnswer) -> Exception:
    code = word(answer.content, "code")
    if answer.status in LATER or answer.status >= 500 or not code:
        return GatewayUnavailable(f"http {answer.status}")
    return failure_of(code, refused=REFUSED, unfit=UNFIT)


def _moment(content: dict[str, Any]) -> datetime | None:
    try:
        found = parsedate_to_datetime(word(content, "date_updated"))
    except ValueError:
        return None
    return found if found.tzinfo else None

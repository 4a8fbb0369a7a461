"""Text messages and calls by HTTP: one JSON POST each, to whatever speaks this small protocol.

We send `{channel, to, sender, template, params, text, language, idempotency_key}`; `channel` is sms, or voice for a
call in which `text` is read out. A 2xx answer with `{"id": ...}` means taken. A 4xx means never, but 408 and 429,
which by their own definition mean later, and 401, 403 and 407, which speak of our key. Everything else means later:
5xx, redirects, silence, a broken answer or one without an id.

A receipt is `{id, idempotency_key, status, at, reason}`, or a list of them: `status` is queued, sent, delivered or
undelivered, `at` a moment (ISO 8601 with its zone), `reason` a code; only `id` and `status` must be there. A GET of
our path with `/<id>` behind it answers the same; 404 means that the message is not known, 405 or 501 that none may be
asked about. A receipt's header `X-Signature` is the HMAC-SHA256 of its body in hexadecimal digits, by the password in
our address, where there is none by the token at the end of the address that it is sent to.
"""

import base64
import hmac
import json
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from messaging.gateways.answers import entries_of, moment, reason_of, required, word
from messaging.gateways.exchange import HttpExchange
from messaging.gateways.gateway import (
    Callback,
    CannotBeAsked,
    GatewayUnavailable,
    Outcome,
    OutcomeState,
    ReceiptEntry,
    ReceiptNotUnderstood,
    Sms,
)

SIGNATURE = "X-Signature"
STATES: dict[str, OutcomeState] = {
    "queued": "queued",
    "sent": "sent",
    "delivered": "delivered",
    "undelivered": "undelivered",
}


class HttpGateway(HttpExchange):
    """`url` may carry `user:password@` for basic authentication."""

    name = "http"
    can_be_asked = True

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        super().__init__(parts.hostname or "", parts.port, tls=parts.scheme == "https")
        self.path, self.query = parts.path or "/", f"?{parts.query}" if parts.query else ""
        self.headers = {"Content-Type": "application/json", "Accept": "application/json"}
        self.password = unquote(parts.password or "")
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{self.password}"
            self.headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"

    def hand_over(self, parcel: Sms) -> str:
        body = {
            "channel": parcel.channel,
            "to": parcel.to,
            "sender": parcel.sender,
            "template": parcel.template_id or parcel.template,
            "params": parcel.params,
            "text": parcel.text,
            "language": parcel.language,
            "idempotency_key": parcel.idempotency_key,
        }
        answer = self.exchange("POST", self.path + self.query, json.dumps(body).encode(), self.headers)
        answer.refuse_unserved()
        found = word(answer.content, "id")
        if not found:
            raise GatewayUnavailable(f"http {answer.status} without an id")
        return found

    def ask(self, provider_id: str, to: str, sent_at: datetime) -> Outcome | None:
        target = f"{self.path.rstrip('/')}/{quote(provider_id, safe='')}{self.query}"
        answer = self.exchange("GET", target, None, self.headers)
        if answer.status == 404:
            return None
        if answer.status in {405, 501}:
            raise CannotBeAsked(f"http {answer.status}")
        if answer.status != 200:
            raise GatewayUnavailable(f"http {answer.status}")
        try:
            return _outcome(answer.content)
        except ReceiptNotUnderstood as unknown:
            raise GatewayUnavailable(f"http 200 {unknown}") from None

    def parse_receipts(self, body: str, content_type: str) -> list[ReceiptEntry]:
        return entries_of(body, _entry)

    def is_genuine(self, callback: Callback) -> bool:
        key = self.password or callback.token
        right = hmac.digest(key.encode(), callback.body, "sha256").hex()
        return hmac.compare_digest(right.encode(), callback.headers.get(SIGNATURE, "").encode())


def _entry(item: dict[str, Any]) -> ReceiptEntry:
    return ReceiptEntry(required(item, "id"), _outcome(item), word(item, "idempotency_key"))


def _outcome(item: dict[str, Any]) -> Outcome:
    state = required(item, "status")
    if state not in STATES:
        raise ReceiptNotUnderstood("unknown status")
    return Outcome(STATES[state], moment(word(item, "at")), reason_of([word(item, "reason")]))

"""Text messages by HTTP: one JSON POST each, over one connection a batch, to whatever speaks this small protocol.

We send `{to, sender, template, params, text, language, idempotency_key}`. A 2xx answer with `{"id": ...}` means taken.
A 4xx means never, but 408 and 429, which by their own definition mean later. Everything else means later: 5xx,
redirects (a POST with a code in it follows nobody), silence, a broken answer or one without an id.

A receipt is `{id, idempotency_key, status, at, reason}`, or a list of them: `status` is queued, sent, delivered or
undelivered, `at` a moment (ISO 8601 with its zone), `reason` a code; only `id` and `status` must be there.
"""

import base64
import json
import socket
import ssl
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection, RemoteDisconnected
from typing import Any
from urllib.parse import unquote, urlsplit

from messaging.gateways.answers import json_objects, moment, reason_of, required, word
from messaging.gateways.gateway import (
    ConnectionLost,
    Gateway,
    GatewayRefused,
    GatewayUnavailable,
    Outcome,
    OutcomeState,
    ReceiptEntry,
    ReceiptNotUnderstood,
    Sms,
    cut_off,
)

SOCKET_SECONDS = 5.0
ANSWER_SECONDS = 8.0
LARGEST_ANSWER = 64 * 1024
LATER = {408, 429}
STATES: dict[str, OutcomeState] = {
    "queued": "queued",
    "sent": "sent",
    "delivered": "delivered",
    "undelivered": "undelivered",
}


class HttpGateway(Gateway[Sms]):
    """`url` may carry `user:password@` for basic authentication."""

    name = "http"
    longest = 2 * (SOCKET_SECONDS + ANSWER_SECONDS)

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self.headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "card-portal"}
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self.headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        host, port = parts.hostname or "", parts.port
        self.connection: HTTPConnection = (
            HTTPSConnection(host, port, timeout=SOCKET_SECONDS, context=ssl.create_default_context())
            if parts.scheme == "https"
            else HTTPConnection(host, port, timeout=SOCKET_SECONDS)
        )

    def open(self) -> None:
        try:
            self.connection.connect()
        except OSError as error:
            raise GatewayUnavailable(f"cannot connect: {type(error).__name__}") from None

    def close(self) -> None:
        self.connection.close()

    def hand_over(self, parcel: Sms) -> str:
        body = {
            "to": parcel.to,
            "sender": parcel.sender,
            "template": parcel.template,
            "params": parcel.params,
            "text": parcel.text,
            "language": parcel.language,
            "idempotency_key": parcel.idempotency_key,
        }
        if self.connection.sock is None:  # the last answer said "Connection: close"
            self.open()
        wire = self.connection.sock
        with cut_off(ANSWER_SECONDS, lambda: _shut(wire)):
            status, answer = self._exchange(json.dumps(body).encode())
        return _provider_id(status, answer)

    def parse_receipts(self, body: str, content_type: str) -> list[ReceiptEntry]:
        return [
            ReceiptEntry(required(item, "id"), _outcome(item), word(item, "idempotency_key"))
            for item in json_objects(body)
        ]

    def _exchange(self, body: bytes) -> tuple[int, bytes]:
        try:
            self.connection.request("POST", self.path, body, self.headers)
            response = self.connection.getresponse()
            answer = response.read(LARGEST_ANSWER)
            if not response.isclosed():
                self.connection.close()  # more than we read: the rest must not be taken for the next answer
        except TimeoutError:
            raise GatewayUnavailable("no answer in time") from None
        except (RemoteDisconnected, ConnectionError):
            raise ConnectionLost("connection closed without an answer") from None
        except (OSError, HTTPException, ValueError) as error:
            raise GatewayUnavailable(f"broken answer: {type(error).__name__}") from None
        return response.status, answer


def _provider_id(status: int, answer: bytes) -> str:
    if 400 <= status < 500 and status not in LATER:
        raise GatewayRefused(f"http {status}")
    if not 200 <= status < 300:
        raise GatewayUnavailable(f"http {status}")
    try:
        content: Any = json.loads(answer)
    except (ValueError, RecursionError):
        raise GatewayUnavailable(f"http {status} without JSON") from None
    found = content.get("id") if isinstance(content, dict) else None
    if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
        raise GatewayUnavailable(f"http {status} without an id")
    return str(found)


def _outcome(item: dict[str, Any]) -> Outcome:
    state = required(item, "status")
    if state not in STATES:
        raise ReceiptNotUnderstood("unknown status")
    return Outcome(STATES[state], moment(word(item, "at")), reason_of([word(item, "reason")]))


def _shut(wire: socket.socket) -> None:
    with suppress(OSError):  # closed already
        wire.shutdown(socket.SHUT_RDWR)

"""Email through a provider's API, by the extra django-anymail: its backend sends, and its web hook reads receipts.

`EMAIL_URL=anymail+postmark:?server_token=...`: every option becomes anymail's setting of the same name, here
`POSTMARK_SERVER_TOKEN`; `webhook_secret` is what the provider shows with its receipts.
"""

import warnings
from collections.abc import Mapping
from importlib import import_module
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from anymail.exceptions import AnymailError, AnymailRecipientsRefused, AnymailWebhookValidationFailure
from django.core.handlers.wsgi import WSGIRequest
from django.core.mail import EmailMessage
from requests import RequestException

from messaging.gateways.answers import legible, reason_of
from messaging.gateways.email import EmailGateway
from messaging.gateways.gateway import (
    Callback,
    GatewayRefused,
    GatewayUnavailable,
    Mail,
    Outcome,
    OutcomeState,
    ReceiptEntry,
    ReceiptNotUnderstood,
)

ABOUT_THE_MAIL = {400, 413, 422}
STATES: dict[str, OutcomeState] = {
    "queued": "queued",
    "sent": "sent",
    "deferred": "sent",
    "delivered": "delivered",
    "bounced": "undelivered",
    "rejected": "undelivered",
    "failed": "undelivered",
}
"""Of anymail's normalized events. The others, such as "opened", say nothing about whether a mail arrived."""


class AnymailGateway(EmailGateway):
    def hand_over(self, parcel: Mail) -> str:
        mail: Any = self._mail(parcel)
        mail.metadata = {"key": parcel.idempotency_key}
        if not self._send([mail]):
            raise GatewayUnavailable("not taken")
        return legible(str(mail.anymail_status.message_id or "")) or str(mail.extra_headers["Message-ID"])

    def _send(self, mails: list[EmailMessage]) -> int:
        try:
            return self.backend.send_messages(mails) or 0
        except AnymailRecipientsRefused:
            raise GatewayRefused("recipient refused") from None
        except (AnymailError, RequestException, OSError, ValueError) as error:
            # Its text quotes the mail and the provider's answer.
            status = getattr(error, "status_code", None)
            reason = f"http {status}" if status else type(error).__name__
            raise (GatewayRefused if status in ABOUT_THE_MAIL else GatewayUnavailable)(reason) from None

    def parse_receipts(self, body: str, content_type: str) -> list[ReceiptEntry]:
        try:
            events = self._hook().parse_events(_request(body.encode(), {"Content-Type": content_type}))
        except Exception as error:  # each provider's reader has its own way of stumbling
            raise ReceiptNotUnderstood(type(error).__name__) from None
        return [
            ReceiptEntry(
                legible(str(event.message_id or "")), outcome, legible(str((event.metadata or {}).get("key", "")))
            )
            for event in events
            if (outcome := _outcome(event)) is not None
        ]

    def is_genuine(self, callback: Callback) -> bool:
        try:
            self._hook().run_validators(_request(callback.body, callback.headers, callback.address))
        except AnymailWebhookValidationFailure:
            return False
        return True

    def _hook(self) -> Any:
        module = import_module(f"anymail.webhooks.{self.name}")
        (view,) = (
            found
            for name, found in vars(module).items()
            if name.endswith(("TrackingWebhookView", "CombinedWebhookView")) and found.__module__ == module.__name__
        )
        with warnings.catch_warnings():  # that there is no secret: the address is one
            warnings.simplefilter("ignore")
            return view()


def _outcome(event: Any) -> Outcome | None:
    state = STATES.get(event.event_type)
    return Outcome(state, event.timestamp, reason_of([legible(str(event.reject_reason or ""))])) if state else None


def _key_of(event: Any) -> str:
    return legible(str((event.metadata or {}).get("key", "")))


def _request(body: bytes, headers: Mapping[str, str], address: str = "https://localhost/") -> WSGIRequest:
    """A callback as anymail reads it."""
    parts = urlsplit(address)
    environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    environ |= {
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": {name.lower(): value for name, value in headers.items()}.get("content-type", ""),
        "PATH_INFO": parts.path,
        "REQUEST_METHOD": "POST",
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "wsgi.url_scheme": parts.scheme,
    }
    return WSGIRequest(environ | {"wsgi.input": BytesIO(body)})

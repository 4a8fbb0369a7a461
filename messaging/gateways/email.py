"""Email through Django's email backends, which `EMAIL_URL` chooses: one connection a batch, one mail a time.

Or several: a backend whose class says `at_once = 500` takes that many in one call of `send_messages`, all or none.
Django's own SMTP backend does not: it sends mail after mail, and where it fails half have gone.
"""

import hashlib
import smtplib
from collections.abc import Sequence
from contextlib import suppress
from email.utils import parseaddr
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from messaging.gateways.cutting_off import cut_off
from messaging.gateways.gateway import ConnectionLost, Gateway, GatewayRefused, GatewayUnavailable, Mail

SOCKET_SECONDS = 5
ANSWER_SECONDS = 10.0
OURS = {"django.core.mail.backends.smtp.EmailBackend": "messaging.gateways.smtp.EmailBackend"}


class EmailGateway(Gateway[Mail]):
    longest = 3 * ANSWER_SECONDS  # over a kept connection that ends instead of answering; then to connect, and to send

    def __init__(self) -> None:
        self.name = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
        self.backend: Any = get_connection(OURS.get(settings.EMAIL_BACKEND), timeout=SOCKET_SECONDS)
        self.at_once = getattr(self.backend, "at_once", 1)

    def open(self) -> None:
        try:
            with cut_off(ANSWER_SECONDS, self._shut):
                self.backend.open()
        except (OSError, smtplib.SMTPException) as error:
            raise GatewayUnavailable(f"cannot connect: {_cause(error)}") from None

    def close(self) -> None:
        with suppress(Exception):
            self.backend.close()

    def hand_over(self, parcel: Mail) -> str:
        (message_id,) = self.hand_over_all([parcel])
        return message_id

    def hand_over_all(self, parcels: Sequence[Mail]) -> list[str]:
        mails = [self._mail(parcel) for parcel in parcels]
        with cut_off(ANSWER_SECONDS, self._shut):
            taken = self._send(mails)
        if taken != len(mails):
            raise GatewayUnavailable("not taken")
        return [mail.extra_headers["Message-ID"] for mail in mails]

    def _mail(self, parcel: Mail) -> EmailMessage:
        sender = parcel.sender or settings.DEFAULT_FROM_EMAIL
        # The same on every try, so that a mailbox that gets a mail twice can show it once.
        digest = hashlib.sha256(parcel.idempotency_key.encode()).hexdigest()[:32]
        headers = {"Message-ID": f"<{digest}@{_domain_of(sender)}>", "Auto-Submitted": "auto-generated"}
        return EmailMessage(parcel.subject, parcel.text, sender, [parcel.to], headers=headers, connection=self.backend)

    def _send(self, mails: list[EmailMessage]) -> int:
        try:
            return self.backend.send_messages(mails) or 0
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _text in error.recipients.values()]
            raise _failure(codes[0] if codes else 0) from None
        except smtplib.SMTPDataError as error:
            raise _failure(error.smtp_code) from None
        except smtplib.SMTPServerDisconnected:
            raise ConnectionLost("connection closed without an answer") from None
        except smtplib.SMTPResponseException as error:
            # About the sender or the account, so about our settings and not about this mail: never final.
            lost = error.smtp_code == 421
            raise (ConnectionLost if lost else GatewayUnavailable)(_cause(error)) from None
        except (OSError, smtplib.SMTPException) as error:
            raise GatewayUnavailable(_cause(error)) from None
        except ValueError as error:  # the address or the subject cannot be written as a header
            raise GatewayRefused(_cause(error)) from None

    def _shut(self) -> None:
        shut = getattr(self.backend, "shut", None)  # a provider's API has an end to waiting of its own
        if shut is not None:
            shut()


@lru_cache
def _domain_of(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def _failure(code: int) -> GatewayRefused | GatewayUnavailable:
    if code == 421:
        return ConnectionLost(f"smtp {code}")
    return GatewayRefused(f"smtp {code}") if 500 <= code < 600 else GatewayUnavailable(f"smtp {code}")


def _cause(error: Exception) -> str:
    code = getattr(error, "smtp_code", None)
    return f"smtp {code}" if code else type(error).__name__

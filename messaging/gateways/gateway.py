"""What every gateway is: something that is opened once for a batch, takes one parcel after the other, and says how it
went by an id or by one of two failures."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Literal, Self, TypeVar


class GatewayFailure(Exception):
    """The message did not go out. The reason is kept and logged: it is short and names no person, text or code."""


class GatewayUnavailable(GatewayFailure):
    """Not now: the same message may be tried again later."""


class ConnectionLost(GatewayUnavailable):
    """The other side ended the connection before it answered."""


class GatewayRefused(GatewayFailure):
    """Never: the gateway has understood this message and does not take it."""


class ReceiptNotUnderstood(Exception):
    """This is no receipt of this gateway. The reason is short and quotes nothing of it."""


OutcomeState = Literal["queued", "sent", "delivered", "undelivered"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a provider says became of a message it took: `queued` and `sent` are not the end of it.

    `at` is its own clock's moment, aware; None where it names none. `reason` is its code, and names no person.
    """

    state: OutcomeState
    at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptEntry:
    """One message in a callback, by the provider's id and, where the provider echoes it, by our own key."""

    provider_id: str
    outcome: Outcome
    idempotency_key: str = ""


@dataclass(frozen=True, slots=True)
class Sms:
    """A text message. A gateway that may only send approved texts uses `template` and `params`, others use `text`."""

    to: str = field(repr=False)
    sender: str
    template: str
    params: dict[str, str] = field(repr=False)
    text: str = field(repr=False)
    language: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Mail:
    """An email. An empty `sender` means the installation's own From address."""

    to: str = field(repr=False)
    sender: str
    subject: str = field(repr=False)
    text: str = field(repr=False)
    language: str
    idempotency_key: str


Parcel = TypeVar("Parcel")


class Gateway(ABC, Generic[Parcel]):
    """`name` stands on the message; `longest` is the number of seconds within which `send` is back.

    `callback` is the address that receipts come to, for providers who want it with every message; empty: none.
    `receipt_answer` is what the provider wants to hear when a callback has been kept, with its content type.
    """

    name: str
    longest: float = 5.0
    callback: str = ""
    receipt_answer: tuple[str, str] = ("", "text/plain")

    _open = False

    def send(self, parcel: Parcel) -> str:
        """Hand over one parcel and answer the provider's id for it.

        Raises GatewayUnavailable or GatewayRefused. A kept connection may have been ended by the other side since the
        last parcel, so then it is tried at once on a fresh one: the idempotency key makes a second arrival harmless.
        """
        if self._open:
            try:
                return self._attempt(parcel)
            except ConnectionLost:
                pass
        return self._attempt(parcel)

    def _attempt(self, parcel: Parcel) -> str:
        try:
            if not self._open:
                self.open()
                self._open = True
            return self.hand_over(parcel)
        except GatewayRefused:
            raise
        except BaseException:
            self.close()
            self._open = False
            raise

    def open(self) -> None:
        """Connect. Raises GatewayUnavailable."""

    def close(self) -> None:
        """Let go of the connection, whatever its state; never raises."""

    @abstractmethod
    def hand_over(self, parcel: Parcel) -> str:
        """Send over the open connection and answer the provider's id."""

    def look_up(self, provider_id: str, to: str, sent_at: datetime) -> Outcome | None:
        """Ask what became of a message; None where the provider cannot be asked or does not know it (yet).

        `to` is the number it went to, and `sent_at` the aware moment it was taken, because some providers find a
        message by these only. Raises GatewayUnavailable, and GatewayRefused when asking again is of no use.
        """
        return None

    def parse_receipts(self, body: str, content_type: str) -> list[ReceiptEntry]:
        """Read a callback of this provider; needs no connection. Raises ReceiptNotUnderstood.

        A callback that says nothing about a message (a heartbeat, a reply of the cardholder) is an empty list.
        """
        raise ReceiptNotUnderstood("this gateway sends no receipts")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()
        self._open = False


@contextmanager
def cut_off(seconds: float, abort: Callable[[], None]) -> Iterator[None]:
    """Call `abort` when the block takes longer: a socket's own timeout starts anew with every byte that drips in."""
    timer = threading.Timer(seconds, abort)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()

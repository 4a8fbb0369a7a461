"""What every gateway is: something that is opened once for a batch, takes one parcel after the other, and says how it
went by an id or by one of two failures."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Literal, Self, TypeVar


class GatewayFailure(Exception):
    """The message did not go out. The reason is kept and logged: it is short and names no person, text or code."""


class GatewayUnavailable(GatewayFailure):
    """Not now: the same message may be tried again later."""


class ConnectionLost(GatewayUnavailable):
    """The other side ended the connection before it answered."""


class CannotBeAsked(GatewayUnavailable):
    """It has no place to ask what became of messages, of this one or any."""


class GatewayRefused(GatewayFailure):
    """Never: the gateway has understood this message and does not take it."""


class GatewayUnfit(GatewayRefused):
    """Never by this gateway, whose rules this message does not meet; another gateway may carry it."""


class ReceiptNotUnderstood(Exception):
    """This is no receipt of this gateway. The reason is short and quotes nothing of it."""


LONGEST_SENDER = 20  # a number; names have at most 11 letters (3GPP TS 23.040, 9.1.2.5)
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
class Callback:
    """A callback as it came: to which of our addresses, whose last part is the token, and with which headers."""

    address: str = field(repr=False)
    token: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sms:
    """A text message, or a call (`channel` "voice") in which `text` is read out.

    A gateway that may only send approved texts uses `template_id`, the provider's own name of the kind `template`,
    with `params` in the order of the approved text; others use `text`.
    """

    to: str = field(repr=False)
    sender: str
    template: str
    params: dict[str, str] = field(repr=False)
    text: str = field(repr=False)
    language: str
    idempotency_key: str
    channel: str = "sms"
    template_id: str = ""

    @property
    def sender_name(self) -> str:
        """The sender where it may stand in place of a number; empty for a signature in Chinese, which may not."""
        return self.sender if self.sender.isascii() and len(self.sender) <= LONGEST_SENDER else ""


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
Answer = TypeVar("Answer")


class Gateway(ABC, Generic[Parcel]):
    """`name` stands on the message; `longest` is the number of seconds within which a call is back.

    `at_once` is how many parcels one call takes. Above 1 `send_all` is called, and it is all or nothing: an answer
    means that the provider has every one of them, a failure that it has none. So one mark can stand for them all.
    `callback` is the address that receipts come to, for providers who want it with every message; empty: none.
    `receipt_answer` is what the provider wants to hear when a callback has been kept, with its content type.
    """

    name: str
    longest: float = 5.0
    at_once: int = 1
    can_be_asked: bool = False
    callback: str = ""
    receipt_answer: tuple[str, str] = ("", "text/plain")

    _open = False

    def send(self, parcel: Parcel) -> str:
        """Hand over one parcel and answer the provider's id for it.

        Raises GatewayUnavailable or GatewayRefused. A kept connection may have been ended by the other side since the
        last parcel, so then it is tried at once on a fresh one: the idempotency key makes a second arrival harmless.
        """
        return self._kept(lambda: self.hand_over(parcel))

    def send_all(self, parcels: Sequence[Parcel]) -> list[str]:
        """Hand over up to `at_once` parcels in one call and answer their ids in order; raises as `send` does."""
        return self._kept(lambda: self.hand_over_all(parcels))

    def look_up(self, provider_id: str, to: str, sent_at: datetime) -> Outcome | None:
        """Ask what became of a message; None where the provider cannot be asked or does not know it (yet).

        `to` is the number it went to, and `sent_at` the aware moment it was taken, because some providers find a
        message by these only. Raises GatewayUnavailable.
        """
        return self._kept(lambda: self.ask(provider_id, to, sent_at)) if self.can_be_asked else None

    def _kept(self, act: Callable[[], Answer]) -> Answer:
        """Act over the kept connection, and once more over a fresh one where the kept one has ended."""
        if self._open:
            try:
                return self._attempt(act)
            except ConnectionLost:
                pass
        return self._attempt(act)

    def _attempt(self, act: Callable[[], Answer]) -> Answer:
        try:
            if not self._open:
                self.open()
                self._open = True
            return act()
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

    def hand_over_all(self, parcels: Sequence[Parcel]) -> list[str]:
        """Send all of them over the open connection or none; for gateways whose `at_once` is above 1."""
        raise TypeError("this gateway takes one parcel at a time")

    def ask(self, provider_id: str, to: str, sent_at: datetime) -> Outcome | None:
        """What `look_up` asks over the open connection, of gateways that `can_be_asked`."""
        return None

    def parse_receipts(self, body: str, content_type: str) -> list[ReceiptEntry]:
        """Read a callback of this provider; needs no connection. Raises ReceiptNotUnderstood.

        A callback that says nothing about a message (a heartbeat, a reply of the cardholder) is an empty list.
        """
        raise ReceiptNotUnderstood("this gateway sends no receipts")

    def is_genuine(self, callback: Callback) -> bool:
        """Whether a callback at our address is the provider's own, for those who sign theirs; needs no connection."""
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()
        self._open = False

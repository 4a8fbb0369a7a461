"""What can be said: a kind of message is a function, registered by its app, and a folder of templates of its name.

`templates/messages/<kind>/` holds `sms.txt` (free text), `sms_fixed.txt` (the text a mainland carrier has approved:
one variable of at most 6 digits), `email_subject.txt`, `email.txt`, and `voice.txt`, which a machine reads out. Each
begins with the params it wants.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:  # `AppConfig`s import this module before there are models
    from messaging.models import Message


@dataclass(frozen=True, slots=True)
class Envelope:
    """Everything one message needs to be sent; lives only inside the worker, only while it sends.

    `to` is a phone number in E.164 or an email address. `params` are the words for the template, each already said in
    `language`. `sender` is the SMS signature or sender name, or the From address; empty means the installation's own.
    `service` is the name of the portal as the cardholder knows it. `fixed_text`: the SMS sender may only use texts
    that a mainland carrier has approved, so `sms_fixed.txt` is taken and the gateway gets its one variable only.
    """

    to: str = field(repr=False)
    language: str
    params: dict[str, str] = field(repr=False)
    sender: str = ""
    service: str = ""
    fixed_text: bool = False


CODE_CHANNELS = ("sms", "email", "voice")
"""The channels of a kind that carries a code, which may be called for where a text message did not arrive."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of message. `build` runs in the worker, in the message's language, with a current row, outside any
    transaction; it answers None when the message is no longer wanted (its code has died, its card is gone).

    `build_all` does the same for many messages of one language with few look-ups, by the messages' ids; those that are
    no longer wanted are left out. `instead` looks for another way when a message did not arrive: it queues one that
    says the same (a code with the same digits) to the person's next contact, `in_place_of` the first, and says whether
    it did. It runs once a message, in the transaction that marks it. `used` says how many of these subjects, codes of
    this kind, were used.
    `label` is what staff read, a lazy translation.
    """

    name: str
    build: Callable[[Message], Envelope | None]
    channels: tuple[str, ...] = ("sms", "email")
    build_all: Callable[[Sequence[Message]], Mapping[UUID, Envelope]] | None = None
    instead: Callable[[Message], bool] | None = None
    used: Callable[[Collection[UUID]], int] | None = None
    label: Any = field(default="", compare=False)

    @property
    def carries_code(self) -> bool:
        """Whether somebody waits for it, to type what it says."""
        return self.used is not None


def one_by(build_all: Callable[[Sequence[Message]], Mapping[UUID, Envelope]]) -> Callable[[Message], Envelope | None]:
    """A `build` that asks the `build_all` of the same kind."""
    return lambda message: build_all([message]).get(message.pk)


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; called in `AppConfig.ready`. A second kind of the same name is a mistake: ValueError."""
    if _KINDS.setdefault(kind.name, kind) != kind:
        raise ValueError(f"There are two kinds of message named {kind.name!r}. Rename one.")


def kind_named(name: str) -> Kind | None:
    """The registered kind, or None."""
    return _KINDS.get(name)


def label_of(name: str) -> str:
    """What staff read of a kind; its name where it is not registered any more."""
    kind = _KINDS.get(name)
    return str(kind.label) if kind and kind.label else name


def all_kinds() -> list[Kind]:
    """Every registered kind, by name."""
    return [_KINDS[name] for name in sorted(_KINDS)]

"""Why accounts says no. Each refusal is a noun of its cause and carries what the page needs to say it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


class Refusal(Exception):
    """What a service raises after it has committed what the refusal leaves behind: its counted try and its event."""


@dataclass
class TooManyChecks(Refusal):
    """Too many from one address or its neighbourhood: slowed down, nobody is locked."""

    until: datetime


@dataclass
class SendTooEarly(Refusal):
    """A code was asked for less than 60 seconds ago."""

    until: datetime


@dataclass
class TooManySends(Refusal):
    """Three codes were asked for within an hour, or five within a day."""

    until: datetime


@dataclass
class TooManyTries(Refusal):
    """Too many wrong codes for this contact, whether it has an account or not."""

    until: datetime


@dataclass
class CodeNotAccepted(Refusal):
    """Wrong, superseded or revoked code, or a contact without an account: one answer for all of them."""

    tries_left: int


class CodeExpired(Refusal):
    """The right digits, too late."""


class CodeUsed(Refusal):
    """The right digits have signed somebody in already: a double click, or the page posted again."""


class NotSentThere(Refusal):
    """No text messages go to the country or region of this number."""


class ContactKnown(Refusal):
    """The account has this contact already."""


@dataclass
class ChangeWaits(Refusal):
    """An earlier change of a contact is proved and waits for its moment."""

    until: datetime


class CannotBeUnfrozen(Refusal):
    """The card is not frozen, or has been for more than seven days; or it can be unfrozen anyhow."""


class NothingToReport(Refusal):
    """The card is closed already."""


class CaseClosed(Refusal):
    """Somebody has closed this case already."""


@dataclass
class CardUnfit(Refusal):
    """This card cannot get a new PIN now; `why` is the card's state, or the status of its PIN where that is why."""

    why: str


@dataclass
class PinNotAccepted(Refusal):
    """Not the card's PIN. With no try left, it is locked."""

    tries_left: int


class SamePin(Refusal):
    """The new PIN is the one that the card has."""


@dataclass
class TooManyResets(Refusal):
    """Five new PINs for one card within a day."""

    until: datetime


@dataclass
class CardNotAdded(Refusal):
    """The code was right, but this card cannot come into this account; `why` says what stands against it."""

    why: str
    card_id: UUID


class NoSuchSession(Refusal):
    """No session of this account."""


class PressedTwice(Refusal):
    """The same page posted again: the first press has been answered."""

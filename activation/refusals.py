"""Why the journey says no. Each refusal is a noun of its cause and carries what the page needs to say it."""

from dataclasses import dataclass
from datetime import datetime

from accounts.refusals import NotSentThere, Refusal, SendTooEarly, TooManyChecks, TooManySends, TooManyTries
from cards.models import Programme


@dataclass
class CodeNotAccepted(Refusal):
    """Unknown card, wrong, revoked or foreign code: one answer for all of them."""

    tries_left: int


@dataclass
class CodeExpired(Refusal):
    expired_at: datetime


@dataclass
class OlderCode(Refusal):
    """Right digits, but a newer code was sent; the masked contact is told because only the holder has both codes."""

    sent_at: datetime
    sent_to: str
    code_id: str


class NoCodeNow(Refusal):
    """No code lives for this card, or the card is not one that this account may ask for."""


@dataclass
class ProgrammeClosed(Refusal):
    """Outside its programme's time no activation begins."""

    programme: Programme


class AlreadyActive(Refusal):
    """The card of this code works already."""


class OpenedElsewhere(Refusal):
    """Another browser has gone on with this attempt."""


class AttemptClosed(Refusal):
    """Not submitted in its 24 hours."""


class AlreadySubmitted(Refusal):
    """Nothing can be changed any more; the waiting page tells how it goes."""


class StepNotReached(Refusal):
    """An earlier step is not done."""


class ContactNotRegistered(Refusal):
    """The contact is not one that the issuer registered for the card."""

    def __init__(self, *fields: str) -> None:
        super().__init__(*fields)
        self.fields = fields


@dataclass
class SecurityCodeNotAccepted(Refusal):
    tries_left: int


class SecurityCodeLocked(TooManyTries):
    """Too many wrong security codes: until then none is sent, because none would be taken."""


class SecurityCodeExpired(Refusal):
    """The right digits, too late; a new code is on its way."""


@dataclass
class TooManyMismatches(Refusal):
    """The identity did not match too often for this card."""

    until: datetime


@dataclass
class TooYoung(Refusal):
    """The holder must be `n` years old to activate the card without a guardian."""

    n: int


class PinLapsed(Refusal):
    """The PIN was chosen more than 15 minutes ago and has been forgotten."""


class CodeNoLongerGood(Refusal):
    """The code was revoked, or the card cannot be activated any more, while the journey was under way."""


class CardTakesNoCode(Refusal):
    """Only a card that waits for its activation is sent a code."""


class NoCodeToRevoke(Refusal):
    """The card has no code that is still good."""


class CodeInUse(Refusal):
    """The details that were submitted with the code are being checked; revoking it would stop nothing."""


class NothingToCorrect(Refusal):
    """Only an attempt whose details did not match can be corrected."""


__all__ = [
    "AlreadyActive",
    "AlreadySubmitted",
    "AttemptClosed",
    "CardTakesNoCode",
    "CodeExpired",
    "CodeInUse",
    "CodeNoLongerGood",
    "CodeNotAccepted",
    "ContactNotRegistered",
    "NoCodeToRevoke",
    "NotSentThere",
    "NothingToCorrect",
    "OlderCode",
    "OpenedElsewhere",
    "PinLapsed",
    "ProgrammeClosed",
    "Refusal",
    "SecurityCodeExpired",
    "SecurityCodeNotAccepted",
    "SendTooEarly",
    "StepNotReached",
    "TooManyChecks",
    "TooManyMismatches",
    "TooManySends",
    "TooManyTries",
    "TooYoung",
]

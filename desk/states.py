"""In one word, how a code, an attempt or a message stands, and what a case is about."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts.models import Case
from activation.models import ActivationAttempt, ActivationCode
from activation.models.codes import OPENABLE
from cards.one_time_codes import CodeState, OneTimeCode
from desk.failures import in_words
from messaging.kinds import label_of
from messaging.models import Message

CODE_STATES = {
    CodeState.LIVE: pgettext_lazy("code", "Good"),
    CodeState.RESERVED: pgettext_lazy("code", "In use"),
    CodeState.CONSUMED: pgettext_lazy("code", "Used"),
    CodeState.EXPIRED: pgettext_lazy("code", "Expired"),
    CodeState.SUPERSEDED: pgettext_lazy("code", "Replaced by a newer one"),
    CodeState.REVOKED: pgettext_lazy("code", "Revoked"),
}
DEAD = pgettext_lazy("code", "No longer good for its card")

NOT_DELIVERED = pgettext_lazy("message", "Not delivered")

STEPS = (
    ("submitted_at", gettext_lazy("Submitted")),
    ("pin_chosen_at", gettext_lazy("PIN chosen")),
    ("contact_confirmed_at", gettext_lazy("Contact confirmed")),
    ("identity_confirmed_at", gettext_lazy("Details given")),
    ("opened_at", gettext_lazy("Code entered")),
)


def state_of_code(code: OneTimeCode, at: datetime) -> Any:
    """How a code stands; one that its card has killed is dead whatever its own marks say."""
    state = code.state(at)
    if isinstance(code, ActivationCode) and state in (CodeState.LIVE, CodeState.RESERVED):
        card = code.card
        if card.state not in OPENABLE or card.record_version != code.card_version:
            return DEAD
    return CODE_STATES[state]


def progress_of(attempt: ActivationAttempt, at: datetime) -> Any:
    """The furthest step that was done."""
    furthest = next(words for column, words in STEPS if getattr(attempt, column))
    if attempt.verdict_at is None and attempt.has_ended(at):
        return _("%(step)s, then not finished in time") % {"step": furthest}
    return furthest


def about_of(case: Case) -> str:
    """What a cardholder has said was somebody else: the notice that was answered."""
    return label_of(case.notice) if case.notice else _("The printed address")


def state_of_message(message: Message) -> str:
    """How a message stands."""
    if message.delivered_at:
        return _("Delivered")
    if message.undelivered_at:
        told = {"failure": in_words(message.failure)}
        return _("Not delivered: %(failure)s") % told if message.failure else str(NOT_DELIVERED)
    if message.sent_at:
        return pgettext("message", "Sent")
    if message.dead_at:
        return _("Could not be sent: %(failure)s") % {"failure": in_words(message.failure)}
    if message.dropped_at:
        return _("Not wanted any more")
    if message.failure:
        return _("Waiting: %(failure)s") % {"failure": in_words(message.failure)}
    return _("Waiting")

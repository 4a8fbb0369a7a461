"""What the reasons of moves and of work on codes are called."""

from django.utils.translation import gettext_lazy as _

from accounts.models import PinReset
from accounts.models.loss_codes import Act
from cards.moves import OTHER
from messaging.kinds import label_of

LABELS = {
    "lost": _("The card was lost"),
    "stolen": _("The card was stolen"),
    "requested": _("The cardholder asked for it"),
    "closed": _("The cardholder gives the card up"),
    "damaged": _("The card is damaged"),
    "replaced": _("Another card takes its place"),
    "undeliverable": _("The card cannot be delivered"),
    "found": _("The card was found again"),
    "not_received": _("The code did not arrive"),
    "expired": _("The code has expired"),
    "wrong_card": _("The wrong card was named"),
    "wrong_contact": _("The code went to somebody else"),
    "fraud": _("Fraud is suspected"),
    "other": _("Another reason (write it down below)"),
}


OF_THE_PORTAL = {
    "dispatched": _("The card was sent"),
    "delivered": _("The card was delivered"),
    "submitted": _("The cardholder confirmed the activation"),
    "verified": _("The issuer confirmed the details"),
    "card_no_longer_waits": _("The card was changed while it was checked"),
    "no_verdict_in_24_hours": _("No answer from the issuer in 24 hours"),
    "pin_tries": _("Too many wrong PINs"),
    "reviewed": _("A supervisor has reviewed it"),
    "never_activated": _("The card was never activated"),
    "expiry_date": _("The card's last day has passed"),
    "other_document": _("They are registered for different identity documents"),
    "stopped": _("It was stopped"),
    "refused": _("Refused by the card system"),
    **dict(PinReset.Way.choices),
    **dict(Act.choices),
    OTHER: _("Another reason"),
}
"""What nobody chooses from a list; and "other", whose comment stands beside it."""


def in_words(reason: str) -> str:
    """A reason as staff read it; one that an issuer's host gave stays its own word."""
    return str(OF_THE_PORTAL.get(reason) or LABELS.get(reason) or label_of(reason))


def labelled(reasons: list[str] | tuple[str, ...]) -> list[tuple[str, str]]:
    """The reasons as choices of a form."""
    return [(reason, str(LABELS.get(reason, reason))) for reason in reasons]

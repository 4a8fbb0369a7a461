"""What the reasons of moves and of work on codes are called."""

from django.utils.translation import gettext_lazy as _

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
    "wrong_contact": _("The code went to somebody else"),
    "fraud": _("Fraud is suspected"),
    "other": _("Another reason (write it down below)"),
}


def labelled(reasons: list[str] | tuple[str, ...]) -> list[tuple[str, str]]:
    """The reasons as choices of a form."""
    return [(reason, str(LABELS.get(reason, reason))) for reason in reasons]

"""What this room holds about somebody."""

from django.utils.translation import gettext_lazy as _

from accounts.held_rows import Rows, own_cards, read
from accounts.holdings import Holding, register
from accounts.models import User
from activation.models import ActivationAttempt, ActivationCode, ContactCode, Invitation

SENT = ("channel", "issued_at", "expires_at", "consumed_at")


def attempts(user: User) -> Rows:
    """How far an activation came; what was typed is not told: it is sealed, and gone 30 days after the result."""
    columns = ("reference", "card__number_tail", "language", "opened_at", "submitted_at", "verdict", "verdict_at")
    mine = ActivationAttempt.objects.filter(card__in=own_cards(user)).order_by("pk")
    return read(mine, *columns, "closed_at", "functions")


def codes(user: User) -> Rows:
    cards = own_cards(user)
    for row in read(ActivationCode.objects.filter(card__in=cards).order_by("pk"), "card__number_tail", *SENT):
        yield {"for": ActivationCode.purpose, **row}
    for row in read(ContactCode.objects.filter(attempt__card__in=cards).order_by("pk"), *SENT):
        yield {"for": ContactCode.purpose, **row}


def invitations(user: User) -> Rows:
    return read(Invitation.objects.filter(card__in=own_cards(user)).order_by("pk"), "card__number_tail", "invited_at")


def register_all() -> None:
    """Have it told."""
    with_card = _("as long as the card exists")
    register(
        Holding(
            "activations",
            _("How your cards were activated"),
            _("To check that you are the cardholder"),
            _("what you typed until 30 days after the result, the rest as long as the card exists"),
            attempts,
            (ActivationAttempt,),
        )
    )
    register(
        Holding(
            "activation_codes",
            _("That activation codes were sent and used, not their digits"),
            _("So that a code works once only"),
            with_card,
            codes,
            (ActivationCode, ContactCode),
        )
    )
    register(
        Holding(
            "invitations",
            _("That we invited you to activate a card"),
            _("So that we do not do it twice"),
            with_card,
            invitations,
            (Invitation,),
        )
    )

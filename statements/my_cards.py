"""What this room says on "my cards": the balance of each card, and the way to its statement."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from accounts.beside_cards import Beside, ToDo
from cards.models import Card
from statements.balances import balances_of, tell_balance
from statements.feeds import has_feed
from statements.models import Alert, Balance

ALERTS = pgettext_lazy("title", "Alerts")
"""Where "my account" leads, also while there is nothing new."""


def beside_cards(cards: Sequence[Card]) -> Mapping[UUID, Beside]:
    """Tell balances with their moments; a card that was never used has no statement."""
    balances, now = balances_of([card.pk for card in cards]), timezone.now()
    return {card.pk: _beside(card, balances.get(card.pk), now) for card in cards if card.activated_at}


def _beside(card: Card, balance: Balance | None, now: datetime) -> Beside:
    statement = reverse("statements:statement", args=[card.pk])
    links = [(pgettext("link", "Transactions"), statement)]
    if has_feed(card):  # looking at the statement has the host asked
        links.append((_("Refresh the balance"), statement))
    if balance is None:
        return Beside(links=links)
    told = tell_balance(balance, card.programme.zone, now)
    return Beside([(_("Balance"), format_html("{} {}", told.amount, told.moment))], links)


def unread_alerts(user_id: UUID) -> ToDo | None:
    """Lead to the alerts while one of them has not been read."""
    if not Alert.objects.of_account(user_id).unread().exists():
        return None
    return ToDo(_("There are new alerts about your payments"), reverse("statements:alerts"))

"""The cards of an account, as "my cards" shows them (pages.md P13)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.beside_cards import Beside, beside
from accounts.models import CardBinding
from cards.dimensions import PinStatus, State
from cards.models import Card, CardEvent
from cards.translated import in_language


@dataclass(frozen=True)
class Status:
    """One line of the table of statuses: its words, a sign and a look beside them, and whether to say whom to call."""

    words: Any
    sign: str
    look: str = ""
    call: bool = False


LOST = Status(_("Reported lost, cannot be undone"), "✕", "stop")
PIN_LOCKED = Status(_("PIN locked, call us"), "✕", "stop", call=True)
STATUSES = {
    State.PENDING_FULFILMENT: Status(_("Being made"), "…"),
    State.PENDING_ACTIVATION: Status(_("Not activated"), "…"),
    State.ACTIVATING: Status(_("Being checked"), "…"),
    State.ACTIVE: Status(_("Active"), "✓", "ok"),
    State.SUSPENDED: Status(_("Frozen, call us"), "✕", "stop", call=True),
    State.BLOCKED: Status(_("Blocked, call us"), "✕", "stop", call=True),
    State.TERMINATED: Status(_("Closed"), "✕"),
    State.EXPIRED: Status(_("Expired"), "✕"),
}


@dataclass(frozen=True)
class ListedCard:
    """What may be shown of a card without asking for a code again."""

    name: str
    tail: str
    status: Status
    activated_at: datetime | None
    hotline: str
    hours: str
    beside: Beside


def cards_of(user_id: UUID) -> list[ListedCard]:
    """List the cards in an account, the latest first, by two queries and those of what stands beside them."""
    bindings = CardBinding.objects.live().filter(user_id=user_id).select_related("card__programme")
    cards = [binding.card for binding in bindings.order_by("-bound_at", "-pk")]
    lost = set(
        CardEvent.objects.filter(
            card__in=[card.pk for card in cards if card.state == State.TERMINATED],
            to_state=State.TERMINATED,
            reason__in=["lost", "stolen"],
        ).values_list("card_id", flat=True)
    )
    said = beside(cards)
    return [_listed(card, said[card.pk], lost=card.pk in lost) for card in cards]


def _listed(card: Card, said: Beside, *, lost: bool) -> ListedCard:
    return ListedCard(
        name=card.programme.name,
        tail=card.number_tail,
        status=_status(card, lost=lost),
        activated_at=card.activated_at,
        hotline=card.programme.hotline,
        hours=in_language(card.programme.hotline_hours),
        beside=said,
    )


def _status(card: Card, *, lost: bool) -> Status:
    if lost:
        return LOST
    if card.state == State.ACTIVE and card.pin_status == PinStatus.BLOCKED:
        return PIN_LOCKED
    return STATUSES[State(card.state)]

"""The cards of an account, as "my cards" shows them (pages.md P13)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.beside_cards import Beside, beside
from accounts.models import CardBinding, LossReport
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
    until: datetime | None = None
    """Until when a frozen card can be unfrozen by a code."""
    offers: tuple[str, ...] = ()
    """What can be done about it: "lost", "found"."""


LOST = Status(_("Reported lost, cannot be undone"), "✕", "stop")
PIN_LOCKED = Status(_("PIN locked, reset it"), "✕", "stop")
STATUSES = {
    State.PENDING_FULFILMENT: Status(_("Being made"), "…"),
    State.PENDING_ACTIVATION: Status(_("Not activated"), "…"),
    State.ACTIVATING: Status(_("Being checked"), "…"),
    State.ACTIVE: Status(_("Active"), "✓", "ok", offers=("lost",)),
    State.SUSPENDED: Status(_("Frozen, call us"), "✕", "stop", call=True, offers=("replace",)),
    State.BLOCKED: Status(_("Blocked, call us"), "✕", "stop", call=True),
    State.TERMINATED: Status(_("Closed"), "✕"),
    State.EXPIRED: Status(_("Expired"), "✕"),
}


FROZEN = Status(_("Frozen"), "✕", "stop", offers=("found", "replace"))


@dataclass(frozen=True)
class ListedCard:
    """What may be shown of a card without asking for a code again."""

    id: UUID
    name: str
    tail: str
    status: Status
    activated_at: datetime | None
    hotline: str
    hours: str
    beside: Beside


def cards_of(user_id: UUID) -> list[ListedCard]:
    """List the cards in an account, the latest first, by a few queries and those of what stands beside them."""
    bindings = CardBinding.objects.live().filter(user_id=user_id).select_related("card__programme")
    cards = [binding.card for binding in bindings.order_by("-bound_at", "-pk")]
    lost = set(_losses([card.pk for card in cards if card.state == State.TERMINATED]))
    frozen = LossReport.objects.liftable(timezone.now()).filter(
        card__in=[card.pk for card in cards if card.state == State.SUSPENDED]
    )
    liftable = {report.card_id: report for report in frozen}
    said = beside(cards)
    return [_listed(card, said[card.pk], lost=card.pk in lost, report=liftable.get(card.pk)) for card in cards]


def was_lost(card_id: UUID) -> bool:
    """Whether a closed card was closed because it was lost or stolen."""
    return bool(_losses([card_id]))


def _losses(card_ids: list[UUID]) -> list[UUID]:
    events = CardEvent.objects.filter(card__in=card_ids, to_state=State.TERMINATED, reason__in=["lost", "stolen"])
    return list(events.values_list("card_id", flat=True))


def _listed(card: Card, said: Beside, *, lost: bool, report: LossReport | None) -> ListedCard:
    return ListedCard(
        id=card.pk,
        name=card.programme.name,
        tail=card.number_tail,
        status=_status(card, lost=lost, report=report),
        activated_at=card.activated_at,
        hotline=card.programme.hotline,
        hours=in_language(card.programme.hotline_hours),
        beside=said,
    )


def _status(card: Card, *, lost: bool, report: LossReport | None) -> Status:
    if lost:
        return LOST
    if card.state == State.ACTIVE and card.pin_status == PinStatus.BLOCKED:
        return PIN_LOCKED
    if card.state == State.SUSPENDED and report:
        return replace(FROZEN, until=report.liftable_until)
    return STATUSES[State(card.state)]

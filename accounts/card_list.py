"""Cards as "my cards" (P13) and the page of one card (P14) show them: how each stands, and what can be done now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.beside_cards import Beside, beside
from accounts.binding.rights import Held, Right
from accounts.models import LossReport
from cards.dimensions import PinStatus, State
from cards.models import CardEvent
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
    new_tail: str = ""
    """The last digits of the card that has taken its place; only for its holder."""
    offers: tuple[str, ...] = ()
    """What can be done about it: names of OFFERS."""


LOSSES = ("lost", "stolen")
"""Reasons to close a card that its holder gave."""

LOST = Status(_("Reported lost, cannot be undone"), "✕", "stop", offers=("replacement",))
REPLACED = Status(_("Replaced by a new card"), "✕")
PIN_LOCKED = Status(_("PIN locked, reset it"), "✕", "stop", offers=("lost",))
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
OFFERS = {
    "found": (pgettext_lazy("link", "Unfreeze"), "accounts:own_found", Right.MANAGE),
    "replace": (_("Report lost and get a new card"), "accounts:own_lost", Right.MANAGE),
    "replacement": (_("What becomes of your new card"), "accounts:own_lost", Right.MANAGE),
    "lost": (_("Report lost"), "accounts:own_lost", Right.FREEZE),
}


@dataclass(frozen=True)
class ListedCard:
    """What may be shown of a card without asking for a code again."""

    id: UUID
    name: str
    tail: str
    status: Status
    activated_at: datetime | None
    closed_at: datetime | None
    hotline: str
    hours: str
    beside: Beside
    helping: bool
    """Whether it is the card of somebody they help."""
    acts: Sequence[tuple[Any, str]]
    """What can be done with it now: (words, address)."""


def list_cards(held: Sequence[Held]) -> list[ListedCard]:
    """Tell how these cards stand, by a few queries and those of what stands beside them."""
    cards = [one.card for one in held]
    ends = _ends([card.pk for card in cards if card.state == State.TERMINATED])
    frozen = LossReport.objects.liftable(timezone.now()).filter(
        card__in=[card.pk for card in cards if card.state == State.SUSPENDED]
    )
    liftable = {report.card_id: report for report in frozen}
    said = beside(held)
    return [
        _listed(one, said[one.card.pk], end=ends.get(one.card.pk), report=liftable.get(one.card.pk)) for one in held
    ]


def was_lost(card_id: UUID) -> bool:
    """Whether a closed card was closed because it was lost or stolen."""
    return card_id in _ends([card_id], reasons=LOSSES)


def _ends(card_ids: list[UUID], reasons: Sequence[str] = (*LOSSES, "replaced")) -> dict[UUID, tuple[str, str]]:
    """Why these cards were closed, where a page says so, and the last digits of the card in their place, or ""."""
    events = CardEvent.objects.filter(card__in=card_ids, to_state=State.TERMINATED, reason__in=reasons)
    rows = events.values_list("card_id", "reason", "card__replaced_by__number_tail")
    return {card_id: (reason, new_tail or "") for card_id, reason, new_tail in rows}


def _listed(held: Held, said: Beside, *, end: tuple[str, str] | None, report: LossReport | None) -> ListedCard:
    card, status = held.card, _status(held, end=end, report=report)
    offers = [OFFERS[name] for name in status.offers]
    offered = [(words, reverse(page, args=[card.pk])) for words, page, right in offers if held.may(right)]
    return ListedCard(
        id=card.pk,
        name=card.programme.name,
        tail=card.number_tail,
        status=status,
        activated_at=card.activated_at,
        closed_at=card.terminated_at,
        hotline=card.programme.hotline,
        hours=in_language(card.programme.hotline_hours),
        beside=said,
        helping=held.helping,
        acts=[*said.links, *offered],
    )


def _status(held: Held, *, end: tuple[str, str] | None, report: LossReport | None) -> Status:
    card = held.card
    if end:
        reason, new_tail = end
        return LOST if reason in LOSSES else replace(REPLACED, new_tail="" if held.helping else new_tail)
    if card.state == State.ACTIVE and card.pin_status == PinStatus.BLOCKED:
        return PIN_LOCKED
    if card.state == State.SUSPENDED and report:
        return replace(FROZEN, until=report.liftable_until)
    return STATUSES[State(card.state)]

"""The one place that moves a card from state to state. Which moves are legal is in `cards.moves`."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cards.dimensions import PinStatus, State, Via
from cards.events import Actor, record_event
from cards.models.card import Card
from cards.models.card_event import EventKind
from cards.models.pin import Pin
from cards.moves import OTHER, TERMINAL, sources


class MoveNotAllowed(Exception):
    """The table has no move to this state by this actor for this reason, or a comment is missing."""


def move(
    *,
    card_id: UUID,
    to: State,
    actor: Actor,
    channel: Via,
    reason: str,
    comment: str = "",
    reference: str = "",
    allowed_from: Collection[State] | None = None,
) -> bool:
    """Move a card to `to` and write the event, together or not at all; say whether the card was moved.

    One conditional UPDATE decides: False means that the card was in none of the states this actor may move it from
    (narrowed by `allowed_from`), or does not exist, and nothing was written. A card that never was activated is not
    made active by a review. A terminated or expired card loses its PINs.
    Raises MoveNotAllowed, before anything is written, when the table has no such move for this actor and reason, or
    the reason is `other` without a comment.
    """
    starts = sources(to=State(to), who=actor.who, reason=reason)
    if not starts:
        raise MoveNotAllowed(f"{actor.who} may not move a card to {to} for {reason or 'no reason'}")
    if reason == OTHER and not comment.strip():
        raise MoveNotAllowed("the reason 'other' needs a comment")
    if allowed_from is not None:
        starts &= frozenset(allowed_from)

    at = timezone.now()
    changes: dict[str, Any] = {"state": to, "previous_state": F("state"), "state_since": at, "updated_at": at}
    cards = Card.objects.filter(pk=card_id, state__in=sorted(starts))
    if to == State.ACTIVE and State.ACTIVATING in starts:
        changes["activated_at"] = at
    elif to == State.ACTIVE:
        cards = cards.filter(activated_at__isnull=False)
    if to == State.TERMINATED:
        changes["terminated_at"] = at
    if to in TERMINAL:
        changes["pin_status"] = PinStatus.NOT_SET

    with transaction.atomic():
        if not cards.update(**changes):
            return False
        if to in TERMINAL:
            Pin.objects.filter(card_id=card_id).delete()
        record_event(
            card_id=card_id,
            kind=EventKind.MOVED,
            actor=actor,
            channel=channel,
            reason=reason,
            comment=comment,
            reference=reference,
            # Our own UPDATE holds the row, so what it wrote down as the state before is the state before.
            from_state=Card.objects.values_list("previous_state", flat=True).get(pk=card_id),
            to_state=to,
        )
    return True

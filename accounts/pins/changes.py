"""What becomes of a new PIN on its way. Everything here runs inside the caller's transaction.

The card's row is locked first, everywhere: by a choice, by what ends it and by every move of the card's state.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from accounts.card_notices import tell_contacts
from accounts.models import PinReset
from cards import pins
from cards.dimensions import PinStatus, State, Via
from cards.events import Actor, record_event
from cards.models import Card
from cards.models.card_event import CardEvent, EventKind

RESETTABLE = (PinStatus.OK, PinStatus.BLOCKED)


def why_unfit(card: Card) -> str:
    """Say why this card cannot get a new PIN: its state, or its PIN's status; "" when it can."""
    if card.state != State.ACTIVE:
        return str(card.state)
    return "" if card.pin_status in RESETTABLE else str(card.pin_status)


def finish(*, reset: PinReset, taken: bool, at: datetime) -> bool:
    """Write the host's answer once: the new PIN takes the place of the old, or is dropped. A card that is not active
    any more gets none, whatever the host said. Says whether this call was the one that did it."""
    reset.card = card = Card.objects.select_related("programme").select_for_update(of=("self",)).get(pk=reset.card_id)
    taken = taken and not why_unfit(card)
    outcome = PinReset.Outcome.TAKEN if taken else PinReset.Outcome.REFUSED
    ended = PinReset.objects.due(at).filter(pk=reset.pk)
    if not ended.update(ended_at=at, outcome=outcome, leased_until=None):
        return False
    if taken and pins.adopt_pin(card_id=card.pk):
        actor = Actor.system("PIN reset")
        record_event(card_id=card.pk, kind=EventKind.PIN_SET, actor=actor, channel=Via.SYSTEM, reason=reset.way)
        tell(reset, "pin_changed", at)
        return True
    PinReset.objects.filter(pk=reset.pk).update(outcome=PinReset.Outcome.REFUSED)
    _drop(reset, at, actor=Actor.system("PIN reset"), channel=Via.SYSTEM, reason="refused")
    return True


def stop(*, card_id: uuid.UUID, actor: Actor, channel: Via, reason: str, at: datetime, comment: str = "") -> bool:
    """Drop the card's new PIN that is not in effect yet; say whether there was one."""
    Card.objects.select_for_update().get(pk=card_id)
    reset = PinReset.objects.open().filter(card_id=card_id).select_related("card__programme").first()
    if reset is None or not end(card_id, at, PinReset.Outcome.STOPPED):
        return False
    _drop(reset, at, actor=actor, channel=channel, reason=reason, comment=comment)
    return True


def tell(reset: PinReset, kind: str, at: datetime) -> None:
    """One message of `kind` for every registered contact of the card."""
    tell_contacts(card_id=reset.card_id, kind=kind, subject_id=reset.pk, at=at)


def tell_locked(event: CardEvent) -> None:
    """Tell every registered contact that wrong PINs have locked the PIN."""
    tell_contacts(card_id=event.card_id, kind="pin_locked", subject_id=event.pk, at=event.at)


def end(card_id: uuid.UUID, at: datetime, outcome: str) -> int:
    """Mark what is on its way for a card, whose row is locked, as ended; how many."""
    return PinReset.objects.open().filter(card_id=card_id).update(ended_at=at, outcome=outcome, leased_until=None)


def _drop(reset: PinReset, at: datetime, **done_by: Any) -> None:
    pins.forget_pending_pin(card_id=reset.card_id)
    record_event(card_id=reset.card_id, kind=EventKind.PIN_RESET_ENDED, **done_by)
    tell(reset, "pin_kept", at)

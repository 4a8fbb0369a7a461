"""Trying the card's own PIN: wrong ones in a row are counted, and lock it as the programme says."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cards import pins
from cards.dimensions import PinStatus, State, Via
from cards.events import Actor, record_event
from cards.models.card import Card
from cards.models.card_event import CardEvent, EventKind


@dataclass(frozen=True)
class PinTry:
    """What a try gave. `left`: how many more wrong ones before the PIN is locked; 0 means that it is."""

    right: bool
    left: int


WhenLocked = Callable[[CardEvent], object]


def try_pin(*, card_id: UUID, pin: str, actor: Actor, channel: Via, when_locked: WhenLocked) -> PinTry:
    """Try a PIN of an active card. Counted before it is looked at, so that no number of tries at once buys one more.

    The count is per card, by every door and session together, and does not pass with time: a right PIN ends it, and a
    reset. `when_locked` is called with the event in the transaction that locks the PIN. Call it outside of any
    transaction: the comparison takes 30 ms on purpose. Raises Card.DoesNotExist.
    """
    most = Card.objects.values_list("programme__pin_tries", flat=True).get(pk=card_id)
    usable = Card.objects.filter(pk=card_id, state=State.ACTIVE, pin_status=PinStatus.OK)
    if not usable.filter(wrong_pins__lt=most).update(wrong_pins=F("wrong_pins") + 1):
        _lock(card_id, most, actor, channel, when_locked)  # the try that used the last one up may have been cut off
        return PinTry(right=False, left=0)
    if pins.check_pin(card_id=card_id, pin=pin):
        usable.update(wrong_pins=0)
        return PinTry(right=True, left=most)
    _lock(card_id, most, actor, channel, when_locked)
    tried = Card.objects.values_list("wrong_pins", flat=True).get(pk=card_id)
    return PinTry(right=False, left=max(most - tried, 0))


def _lock(card_id: UUID, most: int, actor: Actor, channel: Via, when_locked: WhenLocked) -> None:
    """Lock the PIN whose tries are used up, once. Only a new PIN unlocks it (`pins.adopt_pin`)."""
    with transaction.atomic():
        spent = Card.objects.filter(pk=card_id, state=State.ACTIVE, pin_status=PinStatus.OK, wrong_pins__gte=most)
        if spent.update(pin_status=PinStatus.BLOCKED, updated_at=timezone.now()):
            when_locked(record_event(card_id=card_id, kind=EventKind.PIN_LOCKED, actor=actor, channel=channel))

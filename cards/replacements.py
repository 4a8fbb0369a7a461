"""Which card takes the place of which, and retiring the old one. Both run inside the caller's transaction."""

from uuid import UUID

from cards.dimensions import State, Via
from cards.events import Actor, record_event
from cards.models.card import Card
from cards.models.card_event import EventKind
from cards.moves import TERMINAL
from cards.states import move

REPLACEMENT = Actor.issuer("replacement")


def name_replacement(*, card_id: UUID, replacement_id: UUID, actor: Actor, channel: Via) -> bool:
    """Write down which card of the same programme takes this one's place; False when it cannot, or one has already.

    The lock on the new card is the one that its activation takes first: either that finds the old card named, or we
    find the new card in use and retire the old one here.
    """
    new = Card.objects.select_for_update().filter(pk=replacement_id).exclude(state__in=TERMINAL).first()
    if new is None or replacement_id == card_id:
        return False
    unnamed = Card.objects.filter(pk=card_id, programme_id=new.programme_id, replaced_by=None)
    if Card.objects.filter(replaced_by=new).exists() or not unnamed.update(replaced_by=new):
        return False
    record_event(card_id=card_id, kind=EventKind.REPLACEMENT_NAMED, actor=actor, channel=channel)
    if new.activated_at:
        retire_replaced(by=new.pk)
    return True


def retire_replaced(*, by: UUID, reference: str = "") -> bool:
    """End the card whose place the activated card `by` takes, for good; whether there was one that still lived."""
    old = Card.objects.filter(replaced_by=by).values_list("pk", flat=True).first()
    return old is not None and move(
        card_id=old,
        to=State.TERMINATED,
        actor=REPLACEMENT,
        channel=Via.SYSTEM,
        reason="replaced",
        reference=reference,
    )

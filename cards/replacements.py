"""Which card takes the place of which, and retiring the old one. All run inside the caller's transaction."""

from uuid import UUID

from cards.dimensions import State, Via
from cards.events import Actor, record_event
from cards.models.card import Card
from cards.models.card_event import EventKind
from cards.moves import TERMINAL
from cards.states import move

REPLACEMENT = Actor.issuer("replacement")


def name_replacement(
    *, card_id: UUID, replacement_id: UUID, actor: Actor, channel: Via, reason: str = "", comment: str = ""
) -> bool:
    """Write down which card of the same programme and the same document takes this one's place; False when it cannot,
    or one has already.

    The lock on the new card is the one that its activation takes first: either that finds the old card named, or we
    find the new card in use and retire the old one here, by the same actor.
    """
    new = Card.objects.select_for_update().filter(pk=replacement_id).exclude(state__in=TERMINAL).first()
    if new is None or replacement_id == card_id or new.id_number_index is None:
        return False
    alike = {"programme_id": new.programme_id, "id_type": new.id_type, "id_number_index": new.id_number_index}
    unnamed = Card.objects.filter(pk=card_id, replaced_by=None, **alike)
    if Card.objects.filter(replaced_by=new).exists() or not unnamed.update(replaced_by=new):
        return False
    record_event(
        card_id=card_id,
        kind=EventKind.REPLACEMENT_NAMED,
        actor=actor,
        channel=channel,
        reason=reason,
        comment=comment,
        reference=new.number_tail,
    )
    if new.activated_at:
        retire_replaced(by=new.pk, actor=actor, channel=channel)
    return True


def unname_replacement(*, card_id: UUID, actor: Actor, channel: Via, reason: str, comment: str = "") -> bool:
    """Take back which card takes this one's place; False when none does, or when it is activated already.

    Under the same lock on the new card, so that its activation retires the old one before this or not at all.
    """
    named = Card.objects.filter(pk=card_id).values_list("replaced_by", flat=True).first()
    new = Card.objects.select_for_update().filter(pk=named, activated_at=None).first() if named else None
    if new is None or not Card.objects.filter(pk=card_id, replaced_by=new).update(replaced_by=None):
        return False
    record_event(
        card_id=card_id,
        kind=EventKind.REPLACEMENT_UNNAMED,
        actor=actor,
        channel=channel,
        reason=reason,
        comment=comment,
        reference=new.number_tail,
    )
    return True


def retire_replaced(*, by: UUID, reference: str = "", actor: Actor = REPLACEMENT, channel: Via = Via.SYSTEM) -> bool:
    """End the card whose place the activated card `by` takes, for good; whether there was one that still lived."""
    old = Card.objects.filter(replaced_by=by).values_list("pk", flat=True).first()
    return old is not None and move(
        card_id=old,
        to=State.TERMINATED,
        actor=actor,
        channel=channel,
        reason="replaced",
        reference=reference,
    )

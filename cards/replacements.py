"""Which card takes the place of which, and retiring the old one. What changes something runs inside the caller's
transaction.

Both cards of a pair are registered for the same document, as long as it is a pair.
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import F, Q

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


def unname_other_persons(card_ids: Collection[UUID], *, actor: Actor, channel: Via) -> None:
    """Take back each pair with one of these cards, which have just been registered for another document, unless its
    other card has been, too.

    The caller holds the locks on them; a card that waits no more is never registered anew, so no pair is too late.
    """
    pairs = Card.objects.filter(Q(pk__in=card_ids) | Q(replaced_by__in=card_ids), replaced_by__isnull=False)
    alike = {"id_type": F("replaced_by__id_type"), "id_number_index": F("replaced_by__id_number_index")}
    apart = pairs.exclude(**alike).order_by("pk").values_list("pk", "replaced_by", "replaced_by__number_tail")
    for old, new, new_tail in apart:
        if Card.objects.filter(pk=old, replaced_by=new).update(replaced_by=None):
            record_event(
                card_id=old,
                kind=EventKind.REPLACEMENT_UNNAMED,
                actor=actor,
                channel=channel,
                reason="other_document",
                reference=new_tail,
            )


def ended_by_activating(card_id: UUID) -> Card | None:
    """The card whose place this one takes, if it still lives: activating this one ends it for good."""
    return Card.objects.filter(replaced_by=card_id).exclude(state__in=TERMINAL).first()


def has_ended_another(card_id: UUID) -> bool:
    """Whether the activation of this card has ended the one whose place it takes."""
    return Card.objects.filter(replaced_by=card_id, state=State.TERMINATED).exists()


def retire_replaced(*, by: UUID, reference: str = "", actor: Actor = REPLACEMENT, channel: Via = Via.SYSTEM) -> bool:
    """End the card whose place the activated card `by` takes, for good; whether there was one that still lived.

    Under the lock on that card, so that it is not ended for somebody for whom it is registered meanwhile.
    """
    old = Card.objects.select_for_update().filter(replaced_by=by).values_list("pk", flat=True).first()
    return old is not None and move(
        card_id=old,
        to=State.TERMINATED,
        actor=actor,
        channel=channel,
        reason="replaced",
        reference=reference,
    )

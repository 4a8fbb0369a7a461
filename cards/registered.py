"""Changing a contact that is registered for a card, for its holder who has proved the old and the new one."""

from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from cards.dimensions import Via
from cards.events import Actor, record_event
from cards.models import Card
from cards.models.card_event import EventKind
from vault.blind_index import blind_index
from vault.fields import sealed


def change_contact(*, card_id: UUID, field: str, held: UUID | None, contact: str, user_id: UUID) -> bool:
    """Put `contact` in the place of the phone or email (`field`) whose index is `held`; whether it still was.

    In the caller's transaction, by one conditional statement. Codes that went to the old one are dead with it. The row
    of the issuer's file stays known, so that the same file imported again does not bring the old contact back.
    """
    index = blind_index(field, contact) if contact else None
    columns: dict[str, Any] = {field: sealed(Card, field, card_id, contact), f"{field}_index": index}
    ours = Card.objects.filter(pk=card_id, **{f"{field}_index": held})
    if not ours.update(**columns, record_version=F("record_version") + 1, updated_at=timezone.now()):
        return False
    record_event(
        card_id=card_id,
        kind=EventKind.CONTACT_CHANGED,
        actor=Actor.cardholder(user_id),
        channel=Via.WEB,
        reason=field,
    )
    return True

"""Somebody does not want the new PIN that is on its way."""

import uuid

from django.db import transaction
from django.utils import timezone

from accounts.pins import changes as pin_changes
from cards.dimensions import Via
from cards.events import Actor


def stop_pin_reset(
    *, card_id: uuid.UUID, actor: Actor, channel: Via, reason: str = "requested", comment: str = ""
) -> bool:
    """Drop the card's new PIN, if it is not in effect yet; the old one works on. Says whether there was one."""
    with transaction.atomic(durable=True):
        return pin_changes.stop(
            card_id=card_id, actor=actor, channel=channel, reason=reason, comment=comment, at=timezone.now()
        )

"""What is stopped for PINs when a card is frozen, or somebody says that it was not them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from accounts.models import PinResetCode
from accounts.models.cases import Done
from accounts.pins import changes as pin_changes
from cards.dimensions import Via
from cards.events import Actor


def stop_pins(card_id: UUID, at: datetime) -> Collection[Done]:
    """End codes for a new PIN, and drop one that is not in effect yet; inside the caller's transaction."""
    done = []
    if pin_changes.stop(card_id=card_id, actor=Actor.cardholder(), channel=Via.WEB, reason="requested", at=at):
        done.append(Done.CHANGE_UNDONE)
    if PinResetCode.objects.filter(card_id=card_id).revoke(at):
        done.append(Done.CODES_REVOKED)
    return done

"""Changes of contacts whose 24 hours are over take effect, and what they held is forgotten a week after their end."""

import time

from django.db import transaction
from django.utils import timezone

from accounts.models import ContactChange
from accounts.own_account import contact_changes
from vault.sweeping import update_in_steps

SECONDS = 5.0
MOST_AT_ONCE = 200


def settle_due(*, seconds: float = SECONDS) -> int:
    """Put those into effect whose moment has come, for at most about so many seconds; how many were looked at.

    Each by one conditional statement, so that it may run beside itself. Until then the old contact is the account's.
    """
    end, looked_at = time.monotonic() + seconds, 0
    due = ContactChange.objects.due(timezone.now()).order_by("takes_effect_at").values_list("pk", flat=True)
    for change_id in list(due[:MOST_AT_ONCE]):
        with transaction.atomic(durable=True):
            contact_changes.settle(change_id, timezone.now())
        looked_at += 1
        if time.monotonic() >= end:
            break
    return looked_at


def forget_contacts() -> int:
    """Delete old and new contacts that are needed for nothing any more, step by step; how many rows."""
    over = ContactChange.objects.with_old_contacts(timezone.now())
    return update_in_steps(over.order_by("pk"), {"old": None, "new": None})

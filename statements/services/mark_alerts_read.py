"""Marking alerts as read."""

from uuid import UUID

from django.utils import timezone

from statements.models import Alert


def mark_alerts_read(*, user_id: UUID) -> int:
    """Mark all alerts of an account as read, by one statement; gives how many were not."""
    return Alert.objects.of_account(user_id).unread().update(read_at=timezone.now())

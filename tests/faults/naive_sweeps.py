"""Sweeps that look first and write then: `celery -A tests.faults.naive_sweeps`. Good, while one beat and one worker
are all there is."""

from datetime import datetime
from uuid import uuid4

from tests.faults.quick import app

__all__ = ["app"]

from activation import reminders, tidying
from activation.models import ActivationCode


def mark_expired(at: datetime) -> int:
    """Mark each code that is not marked yet."""
    stale = list(ActivationCode.objects.stale(at))
    for code in stale:
        code.expired_at = at
        code.save()
    return len(stale)


def remind(at: datetime) -> int:
    """Remind of each code, then move on its time."""
    due = list(ActivationCode.objects.unfinished().filter(remind_at__lte=at).select_related("card__programme"))
    ways = reminders._Ways([code.pk for code in due])
    for code in due:
        reminder = reminders._look_at(code, ways, at)
        if reminder:
            reminder.idempotency_key = f"{uuid4()}"
            reminder.save()
        code.save()
    return len(due)


tidying.mark_expired = mark_expired
reminders.remind = remind

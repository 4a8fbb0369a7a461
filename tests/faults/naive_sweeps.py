"""Sweeps that look first and write then: `celery -A tests.faults.naive_sweeps`. Good, while one beat and one worker
are all there is; so here each waits between its look and its writing until another process has looked, too."""

import time
from datetime import datetime
from uuid import uuid4

from tests.faults.quick import app

__all__ = ["app"]

from django.conf import settings
from redis import Redis

from activation import reminders, tidying
from activation.models import ActivationCode

LONGEST = 30.0
"""Seconds that a sweep waits for another: a worker may be at other tasks first."""

redis = Redis.from_url(settings.REDIS_URL)


def two_have_looked(sweep: str) -> None:
    """Say that this process has, and wait for one more."""
    looks = redis.incr(f"looks:{sweep}")
    end = time.monotonic() + LONGEST
    while looks < 2 and time.monotonic() < end:
        time.sleep(0.05)
        looks = int(redis.get(f"looks:{sweep}") or 0)


def mark_expired(at: datetime) -> int:
    """Mark each code that is not marked yet."""
    stale = list(ActivationCode.objects.stale(at))
    if stale:
        two_have_looked("stale")
    for code in stale:
        code.expired_at = at
        code.save()
    return len(stale)


def remind(at: datetime) -> int:
    """Remind of each code, then move on its time."""
    due = list(ActivationCode.objects.unfinished().filter(remind_at__lte=at).select_related("card__programme"))
    if due:
        two_have_looked("due")
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

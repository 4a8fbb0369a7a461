"""The messages that one worker holds, and the marks it leaves on them.

Every mark but "sent" is made only while our lease lasts. "Sent" is a fact whoever holds the row, so it is always made.
"""

import random
from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from messaging.models import Message

SHORTEST = timedelta(seconds=2)
LONGEST = timedelta(minutes=30)


class Batch:
    """Walk it to get its messages; each one is still ours for `margin` seconds when it is handed out."""

    def __init__(self, ids: list[UUID], *, until: datetime, lease: timedelta, margin: float) -> None:
        self.until, self.lease, self.margin = until, lease, timedelta(seconds=margin)
        self.rest: deque[Message] = deque(Message.objects.held(until).filter(pk__in=ids).order_by("next_try_at"))

    def __iter__(self) -> Iterator[Message]:
        while self.rest:
            if self.until - timezone.now() < self.margin:
                self.renew()
            if self.rest:
                yield self.rest.popleft()

    def renew(self) -> None:
        """Hold the rest for another lease; what somebody else has claimed meanwhile is no longer ours."""
        until = timezone.now() + self.lease
        ids = [message.pk for message in self.rest]
        Message.objects.held(self.until).filter(pk__in=ids).update(leased_until=until)
        ours = set(Message.objects.held(until).filter(pk__in=ids).values_list("pk", flat=True))
        self.until, self.rest = until, deque(message for message in self.rest if message.pk in ours)

    def give_back(self, *, after: timedelta) -> None:
        """Let go of the rest, to be claimed again after this while; what was not tried is not counted as a try."""
        ids = [message.pk for message in self.rest]
        self.rest.clear()
        Message.objects.held(self.until).filter(pk__in=ids).update(
            leased_until=None, tries=F("tries") - 1, next_try_at=timezone.now() + after
        )

    def mark_sent(self, message: Message, gateway: str, provider_id: str) -> None:
        """The gateway has it."""
        Message.objects.waiting().filter(pk=message.pk).update(
            sent_at=timezone.now(), leased_until=None, gateway=gateway, provider_id=provider_id[:200], failure=""
        )

    def drop(self, message: Message) -> None:
        """Too late, or no longer wanted."""
        self._mark(message, dropped_at=timezone.now())

    def end(self, message: Message, gateway: str, reason: str) -> None:
        """A dead letter: it will never be tried again."""
        self._mark(message, dead_at=timezone.now(), gateway=gateway, failure=reason[:200])

    def try_later(self, message: Message, reason: str, *, last: bool, gateway: str = "") -> None:
        """Back off, or give up when that was the last try."""
        if last:
            self.end(message, gateway, reason)
        else:
            self._mark(message, next_try_at=next_try(message), gateway=gateway, failure=reason[:200])

    def _mark(self, message: Message, **values: Any) -> None:
        Message.objects.held(self.until).filter(pk=message.pk).update(leased_until=None, **values)


def next_try(message: Message) -> datetime:
    """When to try again: after a quarter of the message's age, so a fresh code soon and an old notice rarely.

    From 2 seconds to half an hour, with a quarter of jitter, so that what failed together does not come back together.
    """
    now = timezone.now()
    pause = min(max((now - message.created_at) / 4, SHORTEST), LONGEST)
    return now + pause * random.uniform(0.75, 1.25)

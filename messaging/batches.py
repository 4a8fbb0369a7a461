"""The messages that one worker holds, and the marks it leaves on them.

Every mark but "sent" is made only while our lease lasts. "Sent" is a fact whoever holds the row, so it is always made.
"""

import random
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from messaging.answers import Taken
from messaging.marking import mark_taken
from messaging.models import Message
from messaging.tallies import HAND_OVER, TallySheet

SHORTEST = timedelta(seconds=2)
LONGEST = timedelta(minutes=30)


class Batch:
    """Claimed messages. What `take` gives is still ours for `margin` seconds, in which a lease must have room."""

    def __init__(self, messages: Iterable[Message], *, until: datetime, lease: timedelta, margin: float) -> None:
        self.until, self.lease, self.margin = until, lease, timedelta(seconds=margin)
        if self.margin >= lease:
            raise ValueError(f"A lease of {lease} is too short for a call of {margin} s.")
        self.rest = deque(messages)
        self.put_off: defaultdict[tuple[datetime, str], list[UUID]] = defaultdict(list)
        self.sheet = TallySheet()

    def take(self, many: int) -> list[Message]:
        """The next ones, up to `many`; none when nothing is left."""
        if self.until - timezone.now() < self.margin:
            self.renew()
        return [self.rest.popleft() for _number in range(min(many, len(self.rest)))]

    def ahead(self, many: int) -> list[Message]:
        """Those that come after, still in the batch."""
        return list(islice(self.rest, many))

    def renew(self) -> None:
        """Hold the rest for another lease; what somebody else has claimed meanwhile is no longer ours."""
        self.settle()
        until = timezone.now() + self.lease
        ids = [message.pk for message in self.rest]
        Message.objects.held(self.until).filter(pk__in=ids).update(leased_until=until)
        ours = set(Message.objects.held(until).filter(pk__in=ids).values_list("pk", flat=True))
        self.until, self.rest = until, deque(message for message in self.rest if message.pk in ours)

    def postpone(self, message: Message, until: datetime, reason: str) -> None:
        """It was not tried, and may be claimed again from then on. Written down by `settle`."""
        self.put_off[until, reason].append(message.pk)

    def give_back(self, *, until: datetime) -> None:
        """Let go of the rest, to be claimed again from then on; what was not tried is not counted as a try."""
        self.put_off[until, ""] += [message.pk for message in self.rest]
        self.rest.clear()
        self.settle()

    def settle(self) -> None:
        """Let go of what was postponed."""
        for (until, reason), ids in self.put_off.items():
            told = {"failure": reason} if reason else {}
            Message.objects.held(self.until).filter(pk__in=ids).update(
                leased_until=None, tries=F("tries") - 1, next_try_at=until, **told
            )
        self.put_off.clear()

    def mark_sent(self, taken: Sequence[tuple[Message, Taken]]) -> None:
        """A gateway has them: all that one answer of it was for."""
        mark_taken(taken)
        now = timezone.now()
        for message, answer in taken:
            self.sheet.outcome(answer.gateway, "sent")
            self.sheet.seconds(HAND_OVER[message.urgent], answer.gateway, now - message.created_at)

    def drop(self, message: Message) -> None:
        """Too late, or no longer wanted."""
        if self._mark(message, dropped_at=timezone.now()):
            self.sheet.outcome("", "dropped")

    def end(self, message: Message, gateway: str, reason: str) -> None:
        """A dead letter: it will not be tried again by itself."""
        if self._mark(message, dead_at=timezone.now(), gateway=gateway, failure=reason[:200]):
            self.sheet.outcome(gateway, "dead")

    def try_later(self, message: Message, reason: str, *, last: bool, gateway: str = "") -> None:
        """Back off, or give up when that was the last try."""
        if last:
            self.end(message, gateway, reason)
        else:
            self._mark(message, next_try_at=next_try(message), gateway=gateway, failure=reason[:200])

    def _mark(self, message: Message, **values: Any) -> int:
        return Message.objects.held(self.until).filter(pk=message.pk).update(leased_until=None, **values)


def next_try(message: Message) -> datetime:
    """When to try again: after a quarter of the message's age, so a fresh code soon and an old notice rarely.

    From 2 seconds to half an hour, with a quarter of jitter, so that what failed together does not come back together.
    """
    now = timezone.now()
    pause = min(max((now - message.created_at) / 4, SHORTEST), LONGEST)
    return now + pause * random.uniform(0.75, 1.25)

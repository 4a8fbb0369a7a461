"""Whether the sweeps of the beat's schedule still come: each leaves a tick when it has ended well.

One listener for all of them, so that no sweep has to know. A sweep that fails, or that no worker takes, leaves none.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from celery.signals import task_success
from django.utils import timezone

from portal.celeryconfig import SWEEP, beat_schedule
from portal.models import Tick

SCHEDULED: dict[str, float] = {line["task"]: line["schedule"] for line in beat_schedule.values()}
"""Seconds between two runs, by task."""
QUICK = {task for task, seconds in SCHEDULED.items() if seconds == SWEEP}
"""The sweeps that find what somebody waits for, when a hint was lost."""
LATE = max(3 * SWEEP, 30.0)
"""Seconds after which a quick sweep is late: three of them, and enough for a worker that is busy with a batch."""


@task_success.connect
def leave_tick(sender: Any = None, **kwargs: Any) -> None:
    """Write down that a scheduled task has ended well: one upsert."""
    if sender.name in SCHEDULED:
        tick = Tick(task=sender.name, at=timezone.now())
        Tick.objects.bulk_create([tick], update_conflicts=True, unique_fields=["task"], update_fields=["at"])


@dataclass(frozen=True, slots=True)
class Lag:
    """How late the latest of the quick sweeps is, in seconds; None when one of them never ran."""

    seconds: float | None

    @property
    def is_late(self) -> bool:
        return self.seconds is None or self.seconds > LATE - SWEEP

    def __str__(self) -> str:
        if self.seconds is None:
            return "never ran"
        return f"late by {self.seconds:.0f} s" if self.is_late else "ok"


def lag(at: datetime) -> Lag:
    """How late they are at `at`."""
    ticks = Tick.objects.filter(task__in=QUICK).values_list("at", flat=True)
    if len(ticks) < len(QUICK):
        return Lag(None)
    return Lag(max((at - min(ticks)).total_seconds() - SWEEP, 0.0))

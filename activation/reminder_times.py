"""When to remind somebody of a code: at half its life and a day before its end, and never while people sleep."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

LEAST_LIFE = timedelta(days=1)
LAST_BEFORE_END = timedelta(hours=24)
LAST_FROM_LIFE = timedelta(hours=48)
APART = timedelta(hours=12)  # of two that are closer, only the last one is sent
TIME_TO_ACT = timedelta(hours=1)  # a code that ends sooner is not worth a reminder
QUIET_FROM, QUIET_UNTIL = time(21), time(8)


@dataclass(frozen=True)
class Reminder:
    """`name` tells the two of a code apart."""

    name: str
    at: datetime


def reminders_of(issued_at: datetime, expires_at: datetime) -> list[Reminder]:
    """The reminders of a code that lives so long, the first one first; none where it lives less than a day."""
    life = expires_at - issued_at
    if life < LEAST_LIFE:
        return []
    half = Reminder("half", issued_at + life / 2)
    if life <= LAST_FROM_LIFE:
        return [half]
    last = Reminder("last", expires_at - LAST_BEFORE_END)
    return [last] if last.at - half.at < APART else [half, last]


def is_quiet(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether nobody may be reminded at this moment: from 21:00 to 8:00, by the clocks of the zone."""
    clock = moment.astimezone(zone).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


def quiet_begins(moment: datetime, zone: ZoneInfo) -> datetime:
    """When the quiet hours after this moment, which is not in them, begin."""
    return datetime.combine(moment.astimezone(zone).date(), QUIET_FROM, zone)


def quiet_ends(moment: datetime, zone: ZoneInfo) -> datetime:
    """When the quiet hours that this moment is in end."""
    local = moment.astimezone(zone)
    day = local.date() + timedelta(days=1) if local.time() >= QUIET_FROM else local.date()
    return datetime.combine(day, QUIET_UNTIL, zone)

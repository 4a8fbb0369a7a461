"""Months of a programme's time zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def bounds(month: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Give the moments a month begins at, and the next one."""
    return _midnight(month, zone), _midnight(_next(month), zone)


def read_month(text: str) -> date | None:
    """Read "2026-11"; None for anything else."""
    try:
        return datetime.strptime(text, "%Y-%m").date() if len(text) == 7 else None
    except ValueError:
        return None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)

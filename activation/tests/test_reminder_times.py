"""When reminders are due, and which hours are quiet."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.reminder_times import is_quiet, quiet_begins, quiet_ends, reminders_of

SHANGHAI, NEW_YORK, KATHMANDU = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Kathmandu")
START = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # noon in Shanghai
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("hours", "due"),
    [
        (23, []),
        (24, [("half", 12)]),
        (48, [("half", 24)]),
        (49, [("last", 25)]),
        (72, [("half", 36), ("last", 48)]),
        (21 * 24, [("half", 252), ("last", 480)]),
    ],
)
def test_they_come_at_half_the_life_and_a_day_before_its_end(hours: int, due: list[tuple[str, int]]) -> None:
    reminders = reminders_of(START, START + hours * HOUR)
    assert [(reminder.name, (reminder.at - START) / HOUR) for reminder in reminders] == due


@pytest.mark.parametrize("zone", [SHANGHAI, NEW_YORK, KATHMANDU], ids=str)
@pytest.mark.parametrize(
    ("clock", "quiet"),
    [((20, 59, 59), False), ((21, 0, 0), True), ((0, 0, 0), True), ((7, 59, 59), True), ((8, 0, 0), False)],
)
def test_it_is_quiet_from_21_until_8_by_the_clocks_of_the_zone(
    zone: ZoneInfo, clock: tuple[int, int, int], quiet: bool
) -> None:
    assert is_quiet(datetime(2026, 3, 2, *clock, tzinfo=zone).astimezone(UTC), zone) is quiet


def test_quiet_hours_end_at_8_the_next_morning_or_the_same() -> None:
    eight = datetime(2026, 3, 3, 8, tzinfo=SHANGHAI)
    assert quiet_ends(datetime(2026, 3, 2, 21, tzinfo=SHANGHAI), SHANGHAI) == eight
    assert quiet_ends(datetime(2026, 3, 3, 0, 30, tzinfo=SHANGHAI), SHANGHAI) == eight
    assert quiet_begins(eight, SHANGHAI) == datetime(2026, 3, 3, 21, tzinfo=SHANGHAI)


def test_a_night_in_which_the_clocks_are_changed_ends_at_8_too() -> None:
    night = datetime(2026, 3, 7, 22, tzinfo=NEW_YORK)  # the clocks go forward at 2:00 of the 8th
    assert (quiet_ends(night, NEW_YORK) - night.astimezone(UTC)) == 9 * HOUR
    assert not is_quiet(quiet_ends(night, NEW_YORK), NEW_YORK)


@given(moment=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))
def test_whatever_the_moment_quiet_hours_end_within_a_night_at_a_moment_that_is_not_quiet(moment: datetime) -> None:
    if is_quiet(moment, NEW_YORK):
        end = quiet_ends(moment, NEW_YORK)
        assert moment < end <= moment + 12 * HOUR and not is_quiet(end, NEW_YORK)
    else:
        begin = quiet_begins(moment, NEW_YORK)
        assert moment < begin <= moment + 14 * HOUR and is_quiet(begin, NEW_YORK)

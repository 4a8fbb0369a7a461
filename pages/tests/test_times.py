"""Moments as people read them."""

from datetime import datetime

import pytest
import time_machine
from django.utils import timezone

from pages.times import clock


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2026-11-26T09:50+08:00", "09:50"),
        ("2026-11-25T09:50+08:00", "25 Nov, 09:50"),
        ("2025-12-26T09:50+08:00", "26 Dec 2025, 09:50"),
        ("2025-12-31T16:00+00:00", "1 Jan, 00:00"),
        ("2027-01-02T09:50+08:00", "2 Jan 2027, 09:50"),
    ],
)
def test_a_moment_is_told_with_its_year_where_that_is_not_this_one(moment: str, told: str) -> None:
    now = datetime.fromisoformat("2026-11-26T20:45+08:00")
    with time_machine.travel(now, tick=False), timezone.override("Asia/Shanghai"):
        assert clock(datetime.fromisoformat(moment)) == told

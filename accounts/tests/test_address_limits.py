"""What one address and one network may ask for, in ten minutes and in a day."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.address_limits import REQUESTS, count_check, count_request
from accounts.refusals import TooManyChecks
from vault import limits
from vault.client_address import subnet

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HERE, NEXT_DOOR, ELSEWHERE = "203.0.113.7", "203.0.113.8", "198.51.100.7"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def use_up(which: int, subject: str, left: int = 0) -> None:
    """As if so many had come from there."""
    limits.take({(REQUESTS[which], subject): REQUESTS[which].tries - left})


def test_thirty_requests_from_one_address_in_ten_minutes(clock: time_machine.Traveller) -> None:
    for _request in range(30):
        count_request(HERE)
    with pytest.raises(TooManyChecks) as refusal:
        count_request(HERE)
    assert refusal.value.until == START + timedelta(minutes=10)
    count_request(NEXT_DOOR)
    clock.shift(timedelta(minutes=10))
    count_request(HERE)


@pytest.mark.parametrize(
    ("which", "subject", "shut_out", "until"),
    [
        (1, subnet(HERE), [HERE, NEXT_DOOR], timedelta(minutes=10)),
        (2, HERE, [HERE], timedelta(days=1)),
        (3, subnet(HERE), [HERE, NEXT_DOOR], timedelta(days=1)),
    ],
)
def test_each_limit_shuts_out_its_place_and_no_other(
    which: int, subject: str, shut_out: list[str], until: timedelta
) -> None:
    use_up(which, subject, left=1)
    count_request(HERE)
    for address in (HERE, NEXT_DOOR, ELSEWHERE):
        if address in shut_out:
            with pytest.raises(TooManyChecks) as refusal:
                count_request(address)
            assert refusal.value.until == START + until
        else:
            count_request(address)


def test_a_refused_request_counts_nowhere() -> None:
    use_up(2, HERE)
    for _request in range(3):
        with pytest.raises(TooManyChecks):
            count_request(HERE)
    assert limits.peek(REQUESTS[1], subnet(HERE)).tries == 0


def test_checks_have_limits_of_their_own() -> None:
    use_up(0, HERE)
    count_check(HERE)


def test_all_are_counted_in_one_statement() -> None:
    with CaptureQueriesContext(connection) as captured:
        count_request(HERE)
    assert len([query for query in captured.captured_queries if "vault_counter" in query["sql"]]) == 1

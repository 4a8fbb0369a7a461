"""Limits counted by the batch: as many as are left, exactly, also from many connections at once."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from vault import limits
from vault.limits import Limit, count, peek, put_back, take
from vault.models import Counter
from vault.tests.concurrency import at_once

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TEN = Limit("test_ten", "Ten an hour", 10, HOUR)
DAILY = Limit("test_twelve", "Twelve a day", 12, timedelta(days=1))


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.mark.django_db
def test_as_many_are_allowed_as_are_left(clock: time_machine.Traveller) -> None:
    assert take({(TEN, "a"): 4}) == {(TEN, "a"): 4}
    assert take({(TEN, "a"): 7}) == {(TEN, "a"): 6}
    assert take({(TEN, "a"): 1}) == {(TEN, "a"): 0}
    assert Counter.objects.get().tries == 10, "what was refused is counted nowhere"
    assert peek(TEN, "a").until == START + HOUR
    clock.shift(HOUR)
    assert take({(TEN, "a"): 11}) == {(TEN, "a"): 10}


@pytest.mark.django_db
def test_what_did_not_happen_is_put_back(clock: time_machine.Traveller) -> None:
    take({(TEN, "a"): 10, (TEN, "b"): 2})
    put_back({(TEN, "a"): 3, (TEN, "b"): 5})
    assert take({(TEN, "a"): 9, (TEN, "b"): 11}) == {(TEN, "a"): 3, (TEN, "b"): 10}


@pytest.mark.django_db(transaction=True)
def test_who_dies_before_the_refused_ones_are_put_back_has_counted_nothing(
    clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a number would be refused for a day because of a batch that was never sent."""

    def killed(_taken: object) -> None:
        assert Counter.objects.get().tries == 504, "it dies in between"
        raise KeyboardInterrupt

    take({(TEN, "a"): 4})
    with monkeypatch.context() as patched:
        patched.setattr(limits, "put_back", killed)
        with pytest.raises(KeyboardInterrupt):
            take({(TEN, "a"): 500})
    assert take({(TEN, "a"): 7}) == {(TEN, "a"): 6}


@pytest.mark.django_db
def test_a_whole_batch_costs_one_statement_and_its_refusals_a_second(clock: time_machine.Traveller) -> None:
    wanted = {(limit, f"number {n}"): 1 for limit in (TEN, DAILY) for n in range(500)}
    with CaptureQueriesContext(connection) as captured:
        assert take(wanted) == wanted
    assert len(captured) == 1
    with CaptureQueriesContext(connection) as captured:
        assert take({(TEN, "a"): 11, (DAILY, "a"): 11}) == {(TEN, "a"): 10, (DAILY, "a"): 11}
    assert len(captured) == 2


@pytest.mark.django_db
def test_two_limits_of_one_name_share_their_counter_and_stop_where_each_says(clock: time_machine.Traveller) -> None:
    half = replace(TEN, tries=5)
    assert take({(half, "a"): 9}) == {(half, "a"): 5}
    assert take({(half, "a"): 1}) == {(half, "a"): 0}
    assert take({(TEN, "a"): 9}) == {(TEN, "a"): 5}


@pytest.mark.django_db
def test_one_by_one_and_by_the_batch_are_the_same_count(clock: time_machine.Traveller) -> None:
    count(TEN, "a")
    assert take({(TEN, "a"): 10}) == {(TEN, "a"): 9}
    assert not count(TEN, "a").allowed


@pytest.mark.django_db
def test_a_limit_with_a_penalty_is_not_counted_by_the_batch() -> None:
    locking = replace(TEN, name="test_locking_batch", penalty=HOUR)
    with pytest.raises(ValueError, match="penalty"):
        take({(locking, "a"): 1})
    assert take({}) == {}


@pytest.mark.django_db(transaction=True)
def test_many_batches_at_once_are_allowed_exactly_the_limit_and_none_waits_in_a_circle() -> None:
    hundred = Limit("test_hundred", "A hundred", 100, HOUR)
    others = [(TEN, f"other {n}") for n in range(40)]

    def batch(number: int) -> int:
        order = others if number % 2 else others[::-1]
        return sum(take({**dict.fromkeys(order, 1), (hundred, "a"): 7})[hundred, "a"] for _again in range(4))

    assert sum(at_once(12, batch)) == 100
    assert Counter.objects.filter(tries=100).count() == 1


@pytest.mark.django_db(transaction=True)
def test_reading_what_is_left_and_then_counting_allows_more() -> None:
    """The twin: what the one statement is for."""
    hundred = Limit("test_hundred", "A hundred", 100, HOUR)
    count(hundred, "a")
    all_have_looked = threading.Barrier(12)

    def naive(number: int) -> int:
        held = Counter.objects.get()
        allowed = min(hundred.tries - held.tries, 28)
        all_have_looked.wait(timeout=30)
        Counter.objects.filter(pk=held.pk).update(tries=held.tries + allowed)
        return allowed

    assert sum(at_once(12, naive)) == 12 * 28

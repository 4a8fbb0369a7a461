"""Several limits counted in one statement: each as if alone, and a refused try under none of them."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from vault.limits import Count, Counted, Limit, count, count_all, give_back_all, peek

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
PLAIN = Limit("test_plain", "Five tries an hour", tries=5, window=HOUR)
LOCKING = Limit("test_locking", "Five tries, then a lock", 5, HOUR, penalty=15 * MINUTE, penalty_cap=24 * HOUR)
WIDE = Limit("test_wide", "Ten tries an hour", 10, HOUR)
SPACED = Limit("test_spaced", "One a minute", 1, MINUTE)
STRICT = Limit("test_strict", "One try, then a lock", 1, HOUR, penalty=10 * MINUTE, penalty_cap=20 * MINUTE)
EVERY = (PLAIN, LOCKING, SPACED, STRICT)
BOTH: list[Counted] = [(LOCKING, "a card"), (PLAIN, "a card")]

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def test_several_limits_are_counted_in_one_statement(
    clock: time_machine.Traveller, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        assert count_all(BOTH) == [Count(True, 1, 4, None)] * 2
    with django_assert_num_queries(1):
        give_back_all(BOTH)
    assert [peek(*one).tries for one in BOTH] == [0, 0]


@given(waits=st.lists(st.integers(0, 30), max_size=12))
def test_limits_counted_together_say_what_each_says_alone(waits: list[int]) -> None:
    together, alone = uuid.uuid4().hex, uuid.uuid4().hex
    with time_machine.travel(START, tick=False) as clock:
        for minutes in waits:
            clock.shift(minutes * MINUTE)
            counts = count_all([(limit, together) for limit in EVERY])
            if all(peek(limit, alone).allowed for limit in EVERY):
                assert counts == [count(limit, alone) for limit in EVERY]
            assert [peek(limit, together) for limit in EVERY] == [peek(limit, alone) for limit in EVERY]


@pytest.mark.parametrize("refusing", [0, 1])
def test_what_one_limit_refuses_is_counted_under_none(clock: time_machine.Traveller, refusing: int) -> None:
    spent, other = BOTH[refusing], BOTH[1 - refusing]
    for _ in range(spent[0].tries):
        count(*spent)
    for _ in range(9):
        counts = count_all(BOTH)
        assert [one.allowed for one in counts] == [index != refusing for index in range(2)]
        assert counts[refusing] == peek(*spent)
    assert peek(*other).tries == 0


def test_two_subjects_may_be_counted_under_one_limit(clock: time_machine.Traveller) -> None:
    count_all([(PLAIN, "one card"), (PLAIN, "another card")])
    assert [peek(PLAIN, subject).tries for subject in ("one card", "another card")] == [1, 1]


def test_a_doubled_press_is_one_try_of_every_limit(clock: time_machine.Traveller) -> None:
    counts = [count_all(BOTH, once=press) for press in ("1", "2", "3", "4", "5", "5")]
    assert counts[4] == counts[5] == [Count(True, 5, 0, START + 15 * MINUTE), Count(True, 5, 0, START + HOUR)]


def test_a_press_refused_between_a_doubled_one_buys_no_try_and_undoes_no_lock(clock: time_machine.Traveller) -> None:

    both: list[Counted] = [(LOCKING, "a card"), (WIDE, "a card")]
    for press in ("1", "2", "3", "4", "5", "6", "5", "6", "5"):
        count_all(both, once=press)
    assert peek(LOCKING, "a card") == Count(False, 5, 0, START + 15 * MINUTE)
    assert peek(WIDE, "a card").tries >= 5

"""Limits: what is allowed, what is refused, what a right entry undoes."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from vault.blind_index import blind_index
from vault.limits import (
    LONGEST_WINDOW,
    Count,
    Limit,
    count,
    forget_spent_counters,
    give_back,
    peek,
)
from vault.models import Counter

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
PLAIN = Limit("test_plain", "Five tries an hour", tries=5, window=HOUR)
LOCKING = Limit("test_locking", "Five tries, then a lock", 5, HOUR, penalty=15 * MINUTE, penalty_cap=24 * HOUR)
SPACED = Limit("test_spaced", "One a minute", 1, MINUTE)
STRICT = Limit("test_strict", "One try, then a lock", 1, HOUR, penalty=10 * MINUTE, penalty_cap=20 * MINUTE)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def use_up(limit: Limit, subject: str = "a card") -> Count:
    counts = [count(limit, subject) for _ in range(limit.tries)]
    assert all(one.allowed for one in counts)
    assert not count(limit, subject).allowed
    return counts[-1]


def test_the_tries_up_to_the_limit_are_allowed_and_the_next_is_refused(clock: time_machine.Traveller) -> None:
    counts = [count(PLAIN, "a card") for _ in range(7)]
    assert [one.allowed for one in counts] == [True] * 5 + [False] * 2
    assert [one.tries for one in counts] == [1, 2, 3, 4, 5, 5, 5]
    assert [one.left for one in counts] == [4, 3, 2, 1, 0, 0, 0]
    assert [one.until for one in counts] == [None] * 4 + [START + HOUR] * 3


def test_without_a_penalty_the_refusal_ends_with_the_window(clock: time_machine.Traveller) -> None:
    count(PLAIN, "a card")
    clock.shift(59 * MINUTE)
    for _ in range(4):
        assert count(PLAIN, "a card").allowed
    assert not count(PLAIN, "a card").allowed
    clock.shift(MINUTE)
    assert count(PLAIN, "a card").tries == 1


def test_the_last_try_starts_the_penalty_even_past_the_windows_end(clock: time_machine.Traveller) -> None:
    for _ in range(4):
        count(LOCKING, "a card")
    clock.shift(59 * MINUTE)
    assert count(LOCKING, "a card") == Count(True, 5, 0, START + 74 * MINUTE)
    clock.shift(14 * MINUTE)
    assert count(LOCKING, "a card") == Count(False, 5, 0, START + 74 * MINUTE)
    clock.shift(MINUTE)
    assert count(LOCKING, "a card").tries == 1


def test_a_penalty_doubles_with_each_lock_after_a_served_one_up_to_its_cap(clock: time_machine.Traveller) -> None:
    lasted = []
    for _ in range(10):
        until = use_up(LOCKING).until
        assert until is not None
        lasted.append((until - datetime.now(UTC)) // MINUTE)
        clock.move_to(until)
    assert lasted == [15, 30, 60, 120, 240, 480, 960, 1440, 1440, 1440]


def test_a_whole_window_without_a_lock_forgets_the_earlier_ones(clock: time_machine.Traveller) -> None:
    first = use_up(LOCKING).until
    assert first is not None
    clock.move_to(first + HOUR)
    assert use_up(LOCKING).until == first + HOUR + 15 * MINUTE


def test_a_window_with_a_few_tries_forgets_them_too(clock: time_machine.Traveller) -> None:
    first = use_up(LOCKING).until
    assert first is not None
    clock.move_to(first)
    assert count(LOCKING, "a card").tries == 1
    clock.shift(HOUR)
    assert use_up(LOCKING).until == first + HOUR + 15 * MINUTE


def test_a_limit_of_one_spaces_things_apart(clock: time_machine.Traveller) -> None:
    assert count(SPACED, "a card") == Count(True, 1, 0, START + MINUTE)
    clock.shift(59)
    assert not count(SPACED, "a card").allowed
    clock.shift(1)
    assert count(SPACED, "a card").allowed


def test_a_limit_of_one_locks_and_doubles_from_its_first_row(clock: time_machine.Traveller) -> None:
    assert count(STRICT, "a card").until == START + 10 * MINUTE
    clock.shift(10 * MINUTE)
    assert count(STRICT, "a card").until == START + 30 * MINUTE
    clock.shift(20 * MINUTE)
    assert count(STRICT, "a card").until == START + 50 * MINUTE


def test_giving_the_locking_try_back_undoes_its_lock(clock: time_machine.Traveller) -> None:
    for _ in range(5):
        count(LOCKING, "a card")
    give_back(LOCKING, "a card")
    assert peek(LOCKING, "a card") == Count(True, 4, 1, None)
    assert count(LOCKING, "a card") == Count(True, 5, 0, START + 15 * MINUTE)


def test_right_entries_alone_never_use_a_limit_up(clock: time_machine.Traveller) -> None:
    for _ in range(50):
        assert count(LOCKING, "a card").allowed
        give_back(LOCKING, "a card")
        clock.shift(MINUTE)
    use_up(LOCKING)


def test_a_given_back_try_leaves_no_window_behind(clock: time_machine.Traveller) -> None:
    count(PLAIN, "a card")
    give_back(PLAIN, "a card")
    clock.shift(30 * MINUTE)
    assert use_up(PLAIN).until == START + 90 * MINUTE


def test_a_right_entry_after_a_served_lock_keeps_its_memory(clock: time_machine.Traveller) -> None:
    first = use_up(LOCKING).until
    assert first is not None
    clock.move_to(first)
    count(LOCKING, "a card")
    give_back(LOCKING, "a card")
    assert use_up(LOCKING).until == first + 30 * MINUTE


def test_giving_back_what_was_never_counted_changes_nothing(clock: time_machine.Traveller) -> None:
    give_back(LOCKING, "a card")
    count(LOCKING, "a card")
    give_back(LOCKING, "a card")
    give_back(LOCKING, "a card")
    use_up(LOCKING)


def test_looking_counts_nothing(clock: time_machine.Traveller) -> None:
    assert peek(LOCKING, "a card") == Count(True, 0, 5, None)
    count(LOCKING, "a card")
    assert [peek(LOCKING, "a card") for _ in range(9)] == [Count(True, 1, 4, None)] * 9
    until = START + 15 * MINUTE
    for _ in range(4):
        count(LOCKING, "a card")
    assert peek(LOCKING, "a card") == Count(False, 5, 0, until)
    clock.move_to(until)
    assert peek(LOCKING, "a card") == Count(True, 0, 5, None)


def test_subjects_and_limits_do_not_count_for_each_other(clock: time_machine.Traveller) -> None:
    use_up(LOCKING, "a card")
    assert count(LOCKING, "another card").tries == 1
    assert count(PLAIN, "a card").tries == 1


def test_a_counter_names_nobody(clock: time_machine.Traveller) -> None:
    count(PLAIN, "13800138000")
    row = Counter.objects.values().get()
    assert "13800138000" not in repr(row)
    assert row["key"] != blind_index("phone", "13800138000")


def test_only_counters_long_over_are_forgotten(clock: time_machine.Traveller) -> None:
    use_up(LOCKING, "locked")
    count(PLAIN, "open")
    assert forget_spent_counters(START + 2 * HOUR) == 0
    assert forget_spent_counters(START + LONGEST_WINDOW + 14 * MINUTE) == 0
    assert forget_spent_counters(START + LONGEST_WINDOW + HOUR + MINUTE) == 2
    assert not Counter.objects.exists()


def test_a_lock_outlives_its_window_in_the_sweep(clock: time_machine.Traveller) -> None:
    long_lock = Limit("test_long", "A long lock", 1, MINUTE, penalty=5 * HOUR)
    count(long_lock, "a card")
    assert forget_spent_counters(START + LONGEST_WINDOW + HOUR) == 0
    assert forget_spent_counters(START + LONGEST_WINDOW + 6 * HOUR) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"tries": 0}, "at least one try"),
        ({"window": timedelta(0)}, "at most 7 days"),
        ({"window": timedelta(days=8)}, "at most 7 days"),
        ({"penalty": timedelta(0)}, "above 0"),
        ({"penalty": HOUR, "penalty_cap": MINUTE}, "at most its cap"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Limit(**{"name": "test_odd", "sentence": "Odd", "tries": 5, "window": HOUR, **change})  # type: ignore[arg-type]


def test_a_doubled_press_is_one_try_evaluated_twice(clock: time_machine.Traveller) -> None:
    for press in ("one", "one", "two", "two"):
        assert count(LOCKING, "a card", once=press).allowed
    assert peek(LOCKING, "a card").tries == 2


def test_the_doubled_press_that_reaches_the_limit_is_told_the_same_and_the_next_is_refused(
    clock: time_machine.Traveller,
) -> None:
    for press in ("1", "2", "3", "4"):
        count(LOCKING, "a card", once=press)
    first, second = count(LOCKING, "a card", once="5"), count(LOCKING, "a card", once="5")
    assert first == second == Count(True, 5, 0, START + 15 * MINUTE)
    assert not count(LOCKING, "a card", once="6").allowed


def test_a_press_repeated_after_its_lock_is_a_new_try(clock: time_machine.Traveller) -> None:
    for press in ("1", "2", "3", "4", "5"):
        count(LOCKING, "a card", once=press)
    clock.shift(15 * MINUTE)
    assert count(LOCKING, "a card", once="5") == Count(True, 1, 4, None)
    clock.shift(HOUR)
    assert count(LOCKING, "a card", once="5") == Count(True, 1, 4, None)
    assert peek(LOCKING, "a card").tries == 1


@given(steps=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3)), max_size=20))
def test_right_entries_between_wrong_ones_change_nothing(steps: list[tuple[int, int]]) -> None:
    one, other = uuid.uuid4().hex, uuid.uuid4().hex
    with time_machine.travel(START, tick=False) as clock:
        for minutes, right_entries in steps:
            clock.shift(minutes * MINUTE)
            for _ in range(right_entries):
                if count(PLAIN, other).allowed:
                    give_back(PLAIN, other)
            assert count(PLAIN, one) == count(PLAIN, other)


def test_a_right_press_given_back_twice_gives_back_no_earlier_try(clock: time_machine.Traveller) -> None:
    count(LOCKING, "a card", once="wrong")
    for _doubled in range(2):
        count(LOCKING, "a card", once="right")
        give_back(LOCKING, "a card")
    assert peek(LOCKING, "a card").tries == 1

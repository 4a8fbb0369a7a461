"""Limits under real connections at once: 200 of PostgreSQL, 32 of SQLite."""

import threading
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from vault.limits import Limit, count, count_all, give_back, give_back_all
from vault.models import Counter
from vault.tests.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
FIVE = Limit("test_at_once", "Five tries", 5, timedelta(hours=1), timedelta(minutes=15), timedelta(hours=24))


TEN = Limit("test_at_once_ten", "Ten tries", 10, timedelta(hours=1))


class Refused(Exception):
    pass


def how_many(attempt: Callable[[], bool]) -> int:
    """Let all connections attempt at the same moment: how many were let through."""
    return sum(at_once(everyone(), lambda _number: attempt()))


def everyone() -> int:
    return 200 if connection.vendor == "postgresql" else 32


def test_wrong_tries_at_once_are_evaluated_exactly_up_to_the_limit() -> None:
    def attempt() -> bool:
        with transaction.atomic(durable=True):
            return count(FIVE, "a card").allowed

    assert how_many(attempt) == 5
    assert Counter.objects.get().tries == 5


def test_outside_a_transaction_it_is_exact_too() -> None:
    assert how_many(lambda: count(FIVE, "a card").allowed) == 5


def test_right_tries_at_once_are_all_evaluated_and_cost_nothing() -> None:
    def attempt() -> bool:
        with transaction.atomic(durable=True):
            allowed = count(FIVE, "a card").allowed
            if allowed:
                give_back(FIVE, "a card")
            return allowed

    assert how_many(attempt) == everyone()
    held = Counter.objects.get()
    assert (held.tries, held.locked_until) == (0, None)


@pytest.mark.parametrize("in_transaction", [True, False])
def test_two_limits_at_once_are_exact_and_a_refused_try_counts_under_neither(in_transaction: bool) -> None:
    def attempt() -> bool:
        with transaction.atomic() if in_transaction else nullcontext():
            return all(one.allowed for one in count_all([(FIVE, "a card"), (TEN, "a card")]))

    assert how_many(attempt) == 5
    assert list(Counter.objects.values_list("tries", flat=True)) == [5, 5]


def test_right_tries_under_two_limits_at_once_cost_nothing() -> None:
    both = [(FIVE, "a card"), (TEN, "a card")]

    def attempt() -> bool:
        with transaction.atomic(durable=True):
            allowed = all(one.allowed for one in count_all(both))
            if allowed:
                give_back_all(both)
            return allowed

    assert how_many(attempt) == everyone()
    assert list(Counter.objects.values_list("tries", "locked_until")) == [(0, None)] * 2


def test_different_subjects_at_once_do_not_share_a_limit() -> None:
    assert how_many(lambda: count(FIVE, f"card {threading.get_ident()}").allowed) == everyone()


def test_reading_before_writing_lets_more_through() -> None:
    """What the single statement is for."""
    key = Counter.objects.create(key="0" * 32, tries=0, ends_at=timezone.now()).pk
    all_have_looked = threading.Barrier(everyone())

    def naive() -> bool:
        tries = Counter.objects.get(pk=key).tries
        all_have_looked.wait(timeout=30)
        if tries >= FIVE.tries:
            return False
        Counter.objects.filter(pk=key).update(tries=tries + 1)
        return True

    assert how_many(naive) == everyone()


def test_refusing_inside_the_transaction_lets_everyone_through() -> None:
    """Why callers answer by value and raise after the commit: the rollback gives the try back."""

    def naive() -> bool:
        evaluated = False
        try:
            with transaction.atomic(durable=True):
                evaluated = count(FIVE, "a card").allowed
                raise Refused
        except Refused:
            return evaluated

    assert how_many(naive) == everyone()

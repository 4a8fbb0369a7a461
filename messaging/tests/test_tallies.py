"""Counters that many workers add to: nothing is lost, and nothing that is undone is counted."""

from datetime import timedelta
from threading import Barrier

import pytest
from django.db import transaction

from messaging.models import Tally
from messaging.tallies import BEYOND, DELIVERY, SENDS, SUM, TallySheet
from vault.tests.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS, BATCHES = 6, 30


def values(name: str) -> dict[tuple[str, str], float]:
    return {(tally.gateway, tally.label): tally.value for tally in Tally.objects.filter(name=name)}


def test_a_sheet_is_added_to_what_was_there_and_begins_anew() -> None:
    sheet = TallySheet()
    for _batch in range(2):
        sheet.outcome("http", "sent", 3)
        sheet.outcome("http", "dead")
        sheet.outcome("", "dropped")
        sheet.add()
        sheet.add()
    assert values(SENDS) == {("http", "sent"): 6, ("http", "dead"): 2, ("", "dropped"): 2}


def test_a_duration_falls_into_the_first_bucket_that_holds_it() -> None:
    sheet = TallySheet()
    for seconds in (0.2, 0.5, 0.6, 61, 90_000, -5):
        sheet.seconds(DELIVERY, "http", timedelta(seconds=seconds))
    sheet.add()
    counted = {label: value for (_gateway, label), value in values(DELIVERY).items()}
    assert counted == {"0.5": 3, "1": 1, "120": 1, BEYOND: 1, SUM: pytest.approx(90_062.3)}


def test_what_is_rolled_back_is_not_counted_and_a_broken_count_undoes_no_mark() -> None:
    sheet = TallySheet()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        sheet.outcome("http", "sent")
        sheet.add()
        raise ZeroDivisionError
    assert not Tally.objects.exists()
    with transaction.atomic():
        Tally.objects.create(name="mark", gateway="http")
        sheet.outcome("h" * 500, "s" * 500)
        sheet.counts[None, None, None] = 1  # type: ignore[index] # the database refuses this row
        sheet.add()
    assert values("mark") == {("http", ""): 0}


def count_at_once(one: str, other: str) -> None:
    """Batches that name the same rows in opposite orders."""

    def work(number: int) -> None:
        for _batch in range(BATCHES):
            sheet = TallySheet()
            for gateway in (one, other) if number % 2 else (other, one):
                sheet.outcome(gateway, "sent")
            sheet.add()

    at_once(WORKERS, work)


def test_workers_at_once_lose_no_count(postgres: str) -> None:
    count_at_once("aliyun", "twilio")
    assert values(SENDS) == {("aliyun", "sent"): WORKERS * BATCHES, ("twilio", "sent"): WORKERS * BATCHES}


def test_reading_and_then_writing_would_lose_counts(postgres: str) -> None:
    """The twin without the upsert: what it is for."""
    Tally.objects.create(name=SENDS, gateway="http", label="sent")
    all_have_looked = Barrier(WORKERS)

    def naive(number: int) -> None:
        for _batch in range(BATCHES):
            tally = Tally.objects.get()
            all_have_looked.wait(timeout=30)
            tally.value += 1
            tally.save()

    at_once(WORKERS, naive)
    assert Tally.objects.get().value == BATCHES

"""Writing many rows in short steps: each once, by any number of sweeps at once, and never all in one transaction."""

import threading
from typing import Any

import pytest
from django.db.models import QuerySet

from vault import sweeping
from vault.fields import sealed_value
from vault.sweeping import delete_in_steps, update_in_steps
from vault.tests.concurrency import at_once, while_uncommitted
from vault.tests.notes.models import Note

ROWS, STEP, SWEEPS = 600, 20, 3


def write_notes(count: int = ROWS) -> QuerySet[Note]:
    """Notes with the turns 0, 1, 2 ..., in that order; those of odd turns are the even ones' bystanders."""
    Note.objects.bulk_create([Note(text="x", phone="+8613800000000", turn=turn) for turn in range(count)])
    return Note.objects.filter(turn__gte=0).order_by("turn")


@pytest.mark.usefixtures("notes")
def test_only_the_rows_of_the_set_are_deleted_or_written_and_a_second_time_none() -> None:
    write_notes(50)
    few = Note.objects.filter(turn__lt=30).order_by("turn")
    assert update_in_steps(few.filter(phone__isnull=False), {"phone": None}, step=7) == 30
    assert update_in_steps(few.filter(phone__isnull=False), {"phone": None}, step=7) == 0
    assert delete_in_steps(few, step=7) == 30
    assert delete_in_steps(few, step=7) == 0
    assert sorted(Note.objects.values_list("turn", flat=True)) == list(range(30, 50))
    assert Note.objects.filter(phone__isnull=False).count() == 20


@pytest.mark.usefixtures("notes")
def test_a_tick_ends_in_its_time_with_the_first_rows_done_and_the_next_goes_on() -> None:
    rows = write_notes(50)
    assert delete_in_steps(rows, seconds=0, step=20) == 20
    assert min(Note.objects.values_list("turn", flat=True)) == 20
    assert delete_in_steps(rows, seconds=0, step=20) == 20
    assert delete_in_steps(rows, seconds=0, step=20) == 10


@pytest.mark.usefixtures("kept_notes")
@pytest.mark.django_db(transaction=True)
def test_an_interrupted_sweep_leaves_whole_steps_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = write_notes(50)
    steps = sweeping._step

    def killed_at_the_third(*arguments: Any) -> int:
        if Note.objects.count() == 10:
            raise KeyboardInterrupt
        return steps(*arguments)

    monkeypatch.setattr(sweeping, "_step", killed_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        delete_in_steps(rows, step=20)
    assert Note.objects.count() == 10


@pytest.mark.usefixtures("kept_notes")
@pytest.mark.django_db(transaction=True)
def test_three_sweeps_at_once_write_each_row_once(postgres: str) -> None:
    rows = write_notes()
    assert sum(at_once(SWEEPS, lambda number: update_in_steps(rows, {"turn": -1}, step=STEP))) == ROWS
    rows = Note.objects.order_by("pk")
    assert sum(at_once(SWEEPS, lambda number: delete_in_steps(rows, step=STEP))) == ROWS
    assert not Note.objects.exists()


@pytest.mark.usefixtures("kept_notes")
@pytest.mark.django_db(transaction=True)
def test_reading_and_then_writing_would_count_rows_more_than_once(postgres: str) -> None:
    """The twin: each sweep believes that it has done what it had read."""
    write_notes()
    all_have_looked = threading.Barrier(SWEEPS)

    def naive(number: int) -> int:
        done = 0
        while batch := list(Note.objects.filter(turn__gte=0).order_by("turn")[:STEP]):
            all_have_looked.wait(timeout=30)
            # Row by row: a statement for all of them takes their locks in the order of its plan, and three may wait in
            # a circle.
            done += sum(Note.objects.filter(pk=note.pk).update(turn=-1) for note in batch)
        return done

    assert sum(at_once(SWEEPS, naive)) == SWEEPS * ROWS


def hold_the_first_row() -> None:
    """As a person's transaction does."""
    Note.objects.select_for_update().order_by("turn")[:1].get()


@pytest.mark.usefixtures("kept_notes")
@pytest.mark.django_db(transaction=True)
def test_a_row_that_a_person_holds_is_left_for_the_next_tick(postgres: str) -> None:
    rows = write_notes(50)
    assert while_uncommitted(hold_the_first_row, lambda: delete_in_steps(rows, step=60)) == 49
    assert list(Note.objects.values_list("turn", flat=True)) == [0]
    assert delete_in_steps(rows) == 1


@pytest.mark.usefixtures("kept_notes")
@pytest.mark.django_db(transaction=True)
def test_one_delete_of_everything_would_wait_for_that_person(postgres: str) -> None:
    """The twin: one statement, one transaction. What was held while it began, it can only delete after waiting."""
    rows = write_notes(50)
    assert while_uncommitted(hold_the_first_row, rows.delete)[0] == 50


@pytest.mark.usefixtures("notes")
def test_an_encrypted_column_is_emptied_and_never_written_without_its_seal() -> None:
    (note,) = write_notes(1)
    assert sealed_value(Note, "text", note.pk, "x")
    with pytest.raises(TypeError, match="sealed together"):
        update_in_steps(Note.objects.filter(turn=0), {"phone": "+8613900000000"})

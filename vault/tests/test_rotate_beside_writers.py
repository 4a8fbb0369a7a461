"""Rotating keys while rows are being written: no write is lost, and nobody waits."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from pytest_django import Settings

from vault.fields import sealed_value
from vault.rotation import SealedTable, rotate, sealed_tables
from vault.tests.conftest import put_new_key_in_front, take_old_key_out
from vault.tests.notes.models import Note

pytestmark = pytest.mark.usefixtures("kept_notes", "old_key")
WRITERS = 4


def beside(work: Callable[[], object]) -> threading.Thread:
    """Do it on a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def note_rows(before_resealing: Callable[[], object] = lambda: None) -> SealedTable:
    table = next(table for table in sealed_tables() if table.name == "notes_note")

    def interrupted(reseal: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        def run(pk: Any, value: Any) -> Any:
            before_resealing()
            return reseal(pk, value)

        return run

    columns = tuple(replace(column, reseal=interrupted(column.reseal)) for column in table.columns)
    return replace(table, columns=columns)


def change_once(note: Note) -> Callable[[], None]:
    """Between reading and writing a row of the rotation, someone else changes it: once."""
    changed = threading.Event()

    def change() -> None:
        if not changed.is_set():
            changed.set()
            note.text = "two"
            beside(lambda: note.save()).join()

    return change


def test_a_write_between_reading_and_writing_is_kept(settings: Settings) -> None:
    note = Note.objects.create(text="one", phone="+1")
    change = change_once(note)
    put_new_key_in_front(settings)
    done = rotate(note_rows(change))
    assert (done.left, done.unopened) == (0, {})
    take_old_key_out(settings)
    assert (Note.objects.get().text, Note.objects.get().phone) == ("two", "+1")


def test_writing_without_looking_at_the_old_bytes_loses_it(settings: Settings) -> None:
    """What the condition is for."""
    note = Note.objects.create(text="one")
    read = Note.objects.get().text
    put_new_key_in_front(settings)
    change_once(note)()
    with connection.cursor() as cursor:
        pk = Note._meta.pk.get_db_prep_value(note.pk, connection)
        cursor.execute(
            "UPDATE notes_note SET text = %s WHERE id = %s", [sealed_value(Note, "text", note.pk, read), pk]
        )
    assert Note.objects.get().text == "one"


def test_the_last_word_of_every_writer_stands(settings: Settings) -> None:
    notes = [Note.objects.create(text="start", phone="+1") for _ in range(200)]
    put_new_key_in_front(settings)
    stop, last_words, broken = threading.Event(), dict[object, str](), list[Exception]()

    def write(number: int) -> None:
        mine = notes[number::WRITERS]
        turn = 0
        try:
            while not stop.is_set():
                turn += 1
                read = Note.objects.get(pk=mine[turn % len(mine)].pk)
                read.text = f"writer {number}, turn {turn}"
                read.save()
                last_words[read.pk] = read.text
                time.sleep(0.002)
        except Exception as error:
            broken.append(error)

    threads = [beside(lambda number=number: write(number)) for number in range(WRITERS)]  # type: ignore[misc]
    try:
        time.sleep(0.1)
        call_command("rotate_keys", verbosity=0)
        time.sleep(0.1)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert broken == []
    take_old_key_out(settings)
    read = {note.pk: note.text for note in Note.objects.all()}
    assert read == {note.pk: last_words.get(note.pk, "start") for note in notes}
    assert {note.phone for note in Note.objects.all()} == {"+1"}


def test_a_row_that_someone_holds_is_left_for_the_next_pass(settings: Settings, postgres: str) -> None:
    held, *_ = [Note.objects.create(text=f"text {n}") for n in range(5)]
    put_new_key_in_front(settings)
    holding, enough = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Note.objects.select_for_update().get(pk=held.pk)
            holding.set()
            enough.wait(30)

    thread = beside(hold)
    holding.wait(30)
    passes: list[int] = []

    def advance(rows: int) -> None:
        passes.append(rows)
        if len(passes) == 2:
            enough.set()

    done = rotate(note_rows(), advance=advance)
    thread.join()
    assert passes[:2] == [4, 0]
    assert (sum(passes), done.left) == (5, 0)

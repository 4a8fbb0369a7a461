"""Keys that are not those of the data are named before anybody meets a page that cannot be read."""

import uuid
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from vault.key_samples import ROWS, keys_fit_the_data, keys_that_do_not_fit
from vault.tests.conftest import NEW, put_new_key_in_front
from vault.tests.notes.models import Note

pytestmark = pytest.mark.usefixtures("kept_notes", "old_key")
PHONE = "+8613800138000"


@pytest.fixture(autouse=True)
def rows(old_key: None, kept_notes: None) -> Iterator[None]:
    Note.objects.bulk_create([Note(text=f"text {n}", phone=PHONE) for n in range(3 * ROWS)])
    yield


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("FIELD_ENCRYPTION_KEYS", {"other": NEW}, True),
        ("FIELD_ENCRYPTION_KEYS", {"old": NEW}, True),  # another key under the same id
        ("BLIND_INDEX_KEY", NEW, True),
        ("BLIND_INDEX_KEY", None, False),
    ],
)
def test_the_variable_that_does_not_fit_is_named(
    variable: str, value: object, named: bool, settings: Settings
) -> None:
    if value:
        setattr(settings, variable, value)
    assert keys_that_do_not_fit() == ({variable: ["notes_note"]} if named else {})
    found = keys_fit_the_data()
    assert [variable in problem.msg and problem.id == "vault.E003" for problem in found] == [True] * named
    if named:
        with pytest.raises(CommandError, match=f"{variable} does not fit"):
            call_command("rotate_keys")


def test_a_rotation_begins_with_both_keys_there(settings: Settings) -> None:
    put_new_key_in_front(settings)
    Note.objects.create(text="the newest", phone=PHONE)
    assert keys_that_do_not_fit() == {}


@pytest.mark.parametrize("last", [False, True])
def test_rows_of_another_key_at_one_end_are_enough(last: bool, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = {"old": NEW}
    ids = [uuid.UUID(int=n if not last else (1 << 128) - 1 - n) for n in range(ROWS)]
    Note.objects.bulk_create([Note(pk=pk, text="of a process with the wrong key", phone=PHONE) for pk in ids])
    settings.FIELD_ENCRYPTION_KEYS = {"old": b"the old key of these tests: 32 b"}
    assert keys_that_do_not_fit() == {"FIELD_ENCRYPTION_KEYS": ["notes_note"]}


def test_one_damaged_row_is_no_wrong_key() -> None:
    pk = Note._meta.pk.get_db_prep_value(Note.objects.order_by("pk")[0].pk, connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notes_note SET text = %s, phone = NULL WHERE id = %s", [b"old.damaged", pk])
    assert keys_that_do_not_fit() == {}


def test_a_database_without_tables_says_nothing(settings: Settings) -> None:
    with connection.schema_editor() as editor:
        editor.delete_model(Note)
    try:
        assert keys_fit_the_data() == []
    finally:
        with connection.schema_editor() as editor:
            editor.create_model(Note)

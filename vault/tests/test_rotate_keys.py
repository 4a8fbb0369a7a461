"""Rotating keys: what the command does and says."""

import io

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from vault import rotation
from vault.rotation import count_stale, rotate, sealed_tables
from vault.sessions import SessionStore
from vault.tests.conftest import put_new_key_in_front, take_old_key_out
from vault.tests.notes.models import Note

pytestmark = pytest.mark.usefixtures("kept_notes", "old_key")
PHONE = "+8613800138000"


def run() -> str:
    out = io.StringIO()
    call_command("rotate_keys", stdout=out)
    return out.getvalue()


def note_rows() -> rotation.SealedTable:
    return next(table for table in sealed_tables() if table.name == "notes_note")


def keep_a_session(word: str) -> str:
    store = SessionStore()
    store["word"] = word
    store.create()
    assert store.session_key
    return store.session_key


def test_everything_opens_with_the_new_key_alone(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 7)
    Note.objects.bulk_create([Note(text=f"text {n}", phone=PHONE if n % 2 else "") for n in range(50)])
    session_key = keep_a_session("plum")
    put_new_key_in_front(settings)
    said = run()
    assert "notes_note: 50 rows sealed again, 0 left" in said
    assert "django_session: 1 rows sealed again, 0 left" in said
    assert "sealed by the key 'new'. These keys can go: old." in said
    take_old_key_out(settings)
    assert sorted(note.text for note in Note.objects.all()) == sorted(f"text {n}" for n in range(50))
    assert {note.phone for note in Note.objects.all()} == {"", PHONE}
    assert SessionStore(session_key).get("word") == "plum"


def test_a_second_run_has_nothing_to_do(settings: Settings) -> None:
    Note.objects.create(text="one")
    put_new_key_in_front(settings)
    run()
    assert "notes_note: 0 rows sealed again, 0 left" in run()


def test_every_model_with_an_encrypted_field_is_met() -> None:
    fields = {f"{table.name}.{column.name}" for table in sealed_tables() for column in table.columns}
    assert {"notes_note.text", "notes_note.phone", "django_session.session_data"} <= fields
    assert {table.name for table in sealed_tables()} >= {"cards_card", "accounts_user"}


def test_an_interrupted_run_goes_on_where_it_was(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 10)
    Note.objects.bulk_create([Note(text=f"text {n}") for n in range(30)])
    put_new_key_in_front(settings)

    def pull_the_plug(rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(note_rows(), advance=pull_the_plug)
    assert count_stale(note_rows()) == 20
    assert "notes_note: 20 rows sealed again, 0 left" in run()


def test_what_no_key_opens_is_named_and_the_rest_is_done(settings: Settings) -> None:
    broken, *others = [Note.objects.create(text=f"text {n}", phone=PHONE) for n in range(4)]
    with connection.cursor() as cursor:
        pk = Note._meta.pk.get_db_prep_value(broken.pk, connection)
        cursor.execute("UPDATE notes_note SET text = %s WHERE id = %s", [b"lost.and a sealed text", pk])
    session_key = keep_a_session("plum")
    Session.objects.filter(pk=session_key).update(session_data="lost.AAAA")
    put_new_key_in_front(settings)
    with pytest.raises(CommandError) as refusal:
        run()
    said = str(refusal.value)
    assert f"notes_note.text of row {broken.pk}" in said
    assert "a session" in said
    assert "opens: 2." in said
    assert session_key not in said
    assert PHONE not in said
    take_old_key_out(settings)
    assert [Note.objects.get(pk=other.pk).text for other in others] == ["text 1", "text 2", "text 3"]
    assert Note.objects.get(pk=broken.pk).phone == PHONE


def test_rows_still_written_with_the_old_key_keep_it_from_ending(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process of the deploy before writes on: the command must not say that the old key can go."""
    note = Note.objects.create(text="one")
    table, new_in_front = note_rows, {"new": b"n" * 32, "old": settings.FIELD_ENCRYPTION_KEYS["old"]}
    settings.FIELD_ENCRYPTION_KEYS = new_in_front

    def older_process(rows: int) -> None:
        settings.FIELD_ENCRYPTION_KEYS = {"old": new_in_front["old"]}
        note.save()
        settings.FIELD_ENCRYPTION_KEYS = new_in_front

    assert rotate(table(), advance=older_process).left == 1
    monkeypatch.setattr(rotation, "PASSES", 0)
    with pytest.raises(CommandError, match=r"Rows still sealed by an older key: 1\."):
        run()


def test_nothing_is_drawn_where_there_is_no_terminal(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    Note.objects.create(text="one")
    put_new_key_in_front(settings)
    run()
    assert capsys.readouterr().err == ""


def test_expired_sessions_do_not_stand_in_the_way(settings: Settings) -> None:
    session_key = keep_a_session("plum")
    Session.objects.filter(pk=session_key).update(expire_date=timezone.now())
    put_new_key_in_front(settings)
    assert "django_session: 1 rows sealed again, 0 left" in run()

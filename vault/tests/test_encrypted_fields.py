"""Encrypted fields: every way to write and read a row, and what is refused."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import serializers
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, connection, transaction
from django.forms import modelform_factory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from vault.blind_index import blind_index
from vault.fields import BlindIndexField, EncryptedTextField, sealed_value
from vault.ids import new_id
from vault.sealing import CannotUnseal
from vault.tests.conftest import put_new_key_in_front
from vault.tests.notes.models import Note

pytestmark = pytest.mark.usefixtures("notes")
PHONE = "+8613800138000"
any_text = st.text(st.characters(exclude_categories=["Cs"]))


def column(note: Note, name: str) -> bytes | None:
    with connection.cursor() as cursor:
        table, pk = connection.ops.quote_name("notes_note"), Note._meta.pk.get_db_prep_value(note.pk, connection)
        cursor.execute(f"SELECT {name} FROM {table} WHERE id = %s", [pk])
        held = cursor.fetchall()[0][0]
    return None if held is None else bytes(held)


def put(note: Note, name: str, held: bytes | None) -> None:
    with connection.cursor() as cursor:
        pk = Note._meta.pk.get_db_prep_value(note.pk, connection)
        cursor.execute(f"UPDATE notes_note SET {name} = %s WHERE id = %s", [held, pk])


@given(text=any_text.filter(bool), phone=any_text)
def test_any_text_comes_back_as_it_was(text: str, phone: str) -> None:
    note = Note.objects.create(text=text, phone=phone)
    read = Note.objects.get(pk=note.pk)
    assert (read.text, read.phone) == (text, phone)


def test_the_column_holds_no_plaintext() -> None:
    note = Note.objects.create(text="Zhang San's secret", phone=PHONE)
    for name in ("text", "phone"):
        held = column(note, name)
        assert held is not None
        assert b"Zhang" not in held
        assert b"138001" not in held


def test_the_same_text_is_sealed_differently_each_time() -> None:
    first, second = (Note.objects.create(text="alike") for _ in range(2))
    assert column(first, "text") != column(second, "text")


@pytest.mark.parametrize("nothing", ["", None])
def test_nothing_is_null_in_the_column_and_empty_in_python(nothing: str | None) -> None:
    note = Note(text="x")
    note.phone = nothing
    assert note.phone == ""
    note.save()
    assert column(note, "phone") is None
    assert Note.objects.get(phone__isnull=True).phone == ""
    assert note.phone_index is None


def test_a_text_that_must_be_there_is_not_saved_empty() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.create(text="")


def test_save_with_update_fields_writes_that_field_only() -> None:
    note = Note.objects.create(text="one", phone=PHONE)
    before = column(note, "phone")
    note.text, note.phone = "two", "+8613900139000"
    note.save(update_fields=["text"])
    assert column(note, "phone") == before
    assert Note.objects.get().text == "two"


def test_bulk_create_seals_each_row_for_itself() -> None:
    Note.objects.bulk_create([Note(text=f"text {n}", phone=PHONE) for n in range(20)])
    assert sorted(note.text for note in Note.objects.all()) == sorted(f"text {n}" for n in range(20))
    assert Note.objects.filter(phone_index=blind_index("phone", PHONE)).count() == 20


def test_refresh_shows_what_another_wrote() -> None:
    note = Note.objects.create(text="one")
    other = Note.objects.get()
    other.text = "two"
    other.save()
    note.refresh_from_db()
    assert note.text == "two"
    other.text = "three"
    other.save()
    note.refresh_from_db(fields=["text"])
    assert note.text == "three"


def test_deferred_and_only_load_on_demand() -> None:
    Note.objects.create(text="one", phone=PHONE)
    assert Note.objects.defer("text").get().text == "one"
    assert Note.objects.only("turn").get().phone == PHONE


def test_a_row_with_deferred_fields_saves_the_others() -> None:
    Note.objects.create(text="one", phone=PHONE)
    note = Note.objects.only("turn").get()
    note.turn = 5
    note.save()
    read = Note.objects.get()
    assert (read.turn, read.text, read.phone) == (5, "one", PHONE)


def test_reading_a_row_opens_nothing_until_it_is_looked_at() -> None:
    note = Note.objects.create(text="one", phone=PHONE)
    put(note, "text", b"old.garbage")
    read = Note.objects.get()
    assert read.phone == PHONE
    with pytest.raises(CannotUnseal):
        _ = read.text


def test_saving_an_untouched_row_keeps_its_bytes() -> None:
    note = Note.objects.create(text="one")
    before = column(note, "text")
    read = Note.objects.get()
    read.turn = 1
    read.save()
    assert column(note, "text") == before


@pytest.mark.parametrize("looked_at", [True, False])
def test_a_copy_under_a_new_id_is_sealed_for_its_own_row(looked_at: bool) -> None:
    Note.objects.create(text="one", phone=PHONE)
    twin = Note.objects.get()
    if looked_at:
        assert twin.text == "one"
    twin.pk = new_id()
    twin._state.adding = True
    twin.save()
    assert [note.text for note in Note.objects.all()] == ["one", "one"]
    assert [note.phone for note in Note.objects.all()] == [PHONE, PHONE]


def test_an_explicit_id_is_used() -> None:
    pk = new_id()
    Note(pk=pk, text="one").save()
    assert Note.objects.get(pk=pk).text == "one"


def test_copies_and_pickles_of_an_unopened_row_open(settings: Settings) -> None:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "vault.tests.notes"]
    Note.objects.create(text="one")
    read = Note.objects.get()
    assert copy.copy(read).text == copy.deepcopy(read).text == pickle.loads(pickle.dumps(read)).text == "one"


def test_values_and_representations_show_nothing() -> None:
    Note.objects.create(text="one", phone=PHONE)
    assert repr(list(Note.objects.values_list("text", "phone"))) == "[(<sealed>, <sealed>)]"
    assert PHONE not in repr(Note.objects.get().__dict__)


@pytest.mark.parametrize("look_up", [{"text": "one"}, {"text": None}, {"text__in": ["one"]}, {"text__contains": "o"}])
def test_looking_up_by_the_text_is_refused(look_up: dict[str, object]) -> None:
    with pytest.raises(FieldError, match="blind_index"):
        Note.objects.filter(**look_up)
    with pytest.raises(FieldError, match="blind_index"):
        Note.objects.exclude(**look_up)


def test_writing_without_an_instance_is_refused() -> None:
    note = Note.objects.create(text="one")
    with pytest.raises(TypeError, match="save that"), transaction.atomic():
        Note.objects.update(text="two")
    with pytest.raises(TypeError, match="save that"), transaction.atomic():
        Note.objects.bulk_update([note], ["text"])
    assert Note.objects.get().text == "one"


def test_clearing_without_an_instance_works() -> None:
    Note.objects.create(text="one", phone=PHONE)
    Note.objects.update(phone=None, phone_index=None)
    assert Note.objects.get().phone == ""


def test_fixtures_are_refused() -> None:
    Note.objects.create(text="one")
    with pytest.raises(TypeError, match="not written into fixtures"):
        serializers.serialize("json", Note.objects.all())


def test_bytes_copied_into_another_row_or_column_do_not_open() -> None:
    first, second = Note.objects.create(text="one", phone=PHONE), Note.objects.create(text="two", phone="+1")
    put(second, "text", column(first, "text"))
    put(first, "phone", column(first, "text"))
    with pytest.raises(CannotUnseal):
        _ = Note.objects.get(pk=second.pk).text
    with pytest.raises(CannotUnseal):
        _ = Note.objects.get(pk=first.pk).phone


@given(position=st.integers(0, 40), bit=st.integers(0, 7))
def test_one_changed_bit_does_not_open(position: int, bit: int) -> None:
    note = Note.objects.create(text="thirteen char")
    held = column(note, "text")
    assert held is not None
    changed = bytearray(held)
    changed[position % len(changed)] ^= 1 << bit
    put(note, "text", bytes(changed))
    with pytest.raises(CannotUnseal):
        _ = Note.objects.get(pk=note.pk).text


@pytest.mark.parametrize("garbage", [b"", b".", b"old", b"dev.", b"dev." + bytes(12), b"\xff\xfe.abc", bytes(100)])
def test_garbage_does_not_open(garbage: bytes) -> None:
    note = Note.objects.create(text="one")
    put(note, "text", garbage)
    with pytest.raises(CannotUnseal):
        _ = Note.objects.get().text


def test_saving_moves_a_row_to_the_newest_key(old_key: None, settings: Settings) -> None:
    note = Note.objects.create(text="one")
    put_new_key_in_front(settings)
    Note.objects.get().save()
    held = column(note, "text")
    assert held is not None
    assert held.startswith(b"new.")
    assert Note.objects.get().text == "one"


def test_bulk_writers_make_the_same_bytes() -> None:
    note = Note.objects.create(text="one")
    put(note, "text", sealed_value(Note, "text", note.pk, "two"))
    assert Note.objects.get().text == "two"
    assert sealed_value(Note, "phone", note.pk, "") is None
    with pytest.raises(TypeError, match="not an EncryptedTextField"):
        sealed_value(Note, "turn", note.pk, "1")


def test_a_form_shows_and_saves_the_text() -> None:
    note = Note.objects.create(text="one", phone=PHONE)
    form_class = modelform_factory(Note, fields=["text", "phone"])
    assert 'value="one"' in str(form_class(instance=Note.objects.get())["text"])
    form = form_class({"text": "two", "phone": ""}, instance=Note.objects.get())
    assert form.is_valid(), form.errors
    form.save()
    read = Note.objects.get(pk=note.pk)
    assert (read.text, read.phone, read.phone_index) == ("two", "", None)
    assert form_class({"text": "", "phone": ""}).errors.keys() == {"text"}


def test_too_long_a_text_is_a_validation_error() -> None:
    with pytest.raises(ValidationError):
        Note(text="x" * 201).full_clean()
    Note(text="x" * 200).full_clean()


def test_threads_share_the_keys() -> None:
    texts = [f"text {n}" for n in range(2000)]
    ids = [new_id() for _ in texts]

    def there_and_back(pair: tuple[object, str]) -> str:
        pk, text = pair
        field = Note._meta.get_field("text")
        assert isinstance(field, EncryptedTextField)
        note = Note(pk=pk)
        note.__dict__["text"] = field.from_db_value(sealed_value(Note, "text", note.pk, text), None, connection)
        return note.text

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(there_and_back, zip(ids, texts, strict=True))) == texts


def test_fields_can_be_rebuilt_from_a_migration() -> None:
    for name in ("text", "phone", "phone_index"):
        field = Note._meta.get_field(name)
        assert isinstance(field, EncryptedTextField | BlindIndexField)
        _, path, args, kwargs = field.deconstruct()
        assert path in ("vault.fields.EncryptedTextField", "vault.fields.BlindIndexField")
        assert type(field)(*args, **kwargs).deconstruct()[1:] == (path, args, kwargs)

"""Blind indexes: a keyed digest beside each encrypted text, to find it by."""

import pytest
from pytest_django import Settings

from vault.blind_index import blind_index
from vault.tests.notes.models import Note

pytestmark = pytest.mark.usefixtures("notes")
PHONE = "+8613800138000"


def test_the_index_follows_the_text() -> None:
    note = Note.objects.create(text="one", phone=PHONE)
    assert Note.objects.get(phone_index=blind_index("phone", PHONE)) == note
    note.phone = "+8613900139000"
    note.save(update_fields=["phone", "phone_index"])
    assert not Note.objects.filter(phone_index=blind_index("phone", PHONE)).exists()
    assert Note.objects.get(phone_index=blind_index("phone", "+8613900139000")) == note


@pytest.mark.parametrize("half", [["phone"], ["phone_index"]])
def test_a_text_is_not_saved_without_its_index(half: list[str]) -> None:
    note = Note.objects.create(text="one", phone=PHONE)
    note.phone = "+1"
    with pytest.raises(ValueError, match="together"):
        note.save(update_fields=half)
    assert Note.objects.get().phone == PHONE


def test_kinds_and_keys_keep_indexes_apart(settings: Settings) -> None:
    first = blind_index("phone", "123456")
    assert first == blind_index("phone", "123456")
    assert first != blind_index("id_number", "123456")
    settings.BLIND_INDEX_KEY = b"another blind index key, 32 byte"
    assert first != blind_index("phone", "123456")

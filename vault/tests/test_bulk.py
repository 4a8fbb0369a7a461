import os
import uuid

import pytest
from pytest_django import Settings

from vault.blind_index import blind_index
from vault.bulk import indexer, sealer
from vault.fields import EncryptedTextField
from vault.ids import new_id
from vault.sealing import CannotUnseal, unseal
from vault.tests.notes.models import Note

TEXTS = ["", "+8613800138000", "张小明", "x" * 1000]


@pytest.mark.parametrize("key", [b"k" * 32, b"k" * 64, b"k" * 65, os.urandom(200)], ids=len)
@pytest.mark.parametrize("value", TEXTS, ids=len)
def test_an_index_of_many_is_the_blind_index_of_each(value: str, key: bytes, settings: Settings) -> None:
    settings.BLIND_INDEX_KEY = key
    index = indexer("phone")
    for _again in range(2):
        assert uuid.UUID(index(value)) == blind_index("phone", value)
    assert uuid.UUID(indexer("email")(value)) != blind_index("phone", value)


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_sealed_in_bulk_opens_for_its_row_alone(text: str) -> None:
    field = next(field for field in Note._meta.get_fields() if isinstance(field, EncryptedTextField))
    seal, pk = sealer(Note, field.name), new_id()
    sealed = seal(pk.hex, text)
    assert unseal(sealed, bound_to=field.bound_to(pk)).decode() == text
    assert seal(pk.hex, text) != sealed
    with pytest.raises(CannotUnseal):
        unseal(sealed, bound_to=field.bound_to(new_id()))


def test_only_encrypted_fields_are_sealed() -> None:
    with pytest.raises(TypeError):
        sealer(Note, "id")

"""Sealing and key rings."""

import uuid

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from vault.ids import new_id
from vault.keyrings import KeyRing, ring
from vault.sealing import CannotUnseal, seal, unseal

KEY = bytes(range(32))


@given(plain=st.binary(), place=st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_opens_in_its_place_only(plain: bytes, place: str) -> None:
    sealed = seal(plain, bound_to=place)
    assert unseal(sealed, bound_to=place) == plain
    with pytest.raises(CannotUnseal):
        unseal(sealed, bound_to=place + "x")
    with pytest.raises(CannotUnseal):
        unseal(sealed, bound_to=place, purpose="another")


def test_a_key_that_is_gone_does_not_open(settings: Settings) -> None:
    sealed = seal(b"plain", bound_to="here")
    settings.FIELD_ENCRYPTION_KEYS = {"other": KEY}
    with pytest.raises(CannotUnseal):
        unseal(sealed, bound_to="here")


def test_another_key_under_the_same_id_does_not_open(settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = {"k": KEY}
    sealed = seal(b"plain", bound_to="here")
    settings.FIELD_ENCRYPTION_KEYS = {"k": KEY[::-1]}
    with pytest.raises(CannotUnseal):
        unseal(sealed, bound_to="here")


def test_older_keys_still_open_and_the_first_writes(settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = {"one": KEY}
    sealed = seal(b"plain", bound_to="here")
    settings.FIELD_ENCRYPTION_KEYS = {"two": KEY[::-1], "one": KEY}
    assert unseal(sealed, bound_to="here") == b"plain"
    assert seal(b"plain", bound_to="here").startswith(b"two.")


def test_a_ring_gives_its_keys_by_id(settings: Settings) -> None:
    settings.CODE_KEYS = {"two": KEY[::-1], "one": KEY}
    keys = ring("CODE_KEYS")
    assert (keys.newest_id, keys.newest, keys["one"]) == ("two", ("two", KEY[::-1]), KEY)
    assert list(keys) == ["two", "one"]
    assert ring("CODE_KEYS") is keys
    with pytest.raises(KeyError):
        keys["three"]


def test_no_two_purposes_share_a_key() -> None:
    keys = KeyRing("CODE_KEYS", {"one": KEY, "two": KEY[::-1]})
    derived = {keys.derived(key_id, purpose) for key_id in keys for purpose in ("field", "session")}
    assert len(derived) == 4
    assert KEY not in derived


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({}, "holds no key"),
        ({"a.b": KEY}, "must be 1 to 32"),
        ({"": KEY}, "must be 1 to 32"),
        ({"k": KEY[1:]}, "31 b"),
    ],
)
def test_a_ring_that_cannot_work_is_refused_by_name(keys: dict[str, bytes], words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=words) as refusal:
        KeyRing("PIN_PEPPERS", keys)
    assert "PIN_PEPPERS" in str(refusal.value)
    assert repr(KEY[1:]) not in str(refusal.value)


def test_ids_grow_with_time_and_never_repeat() -> None:
    ids = [new_id() for _ in range(20_000)]
    assert len(set(ids)) == len(ids)
    assert {(one.version, one.variant) for one in ids} == {(7, uuid.RFC_4122)}
    moments = [one.int >> 64 for one in ids]
    assert moments == sorted(moments)

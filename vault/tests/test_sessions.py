"""Sealed sessions: kept, not readable, bound to their key, never a 500."""

import logging
from importlib import import_module

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from vault.sessions import SessionStore
from vault.tests.conftest import NEW, put_new_key_in_front

pytestmark = pytest.mark.django_db
LOGGER = "django.security.SuspiciousSession"


def remember(request: HttpRequest, word: str) -> HttpResponse:
    request.session["word"] = word
    return HttpResponse()


def recall(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.session.get("word", "nothing"))


urlpatterns = [path("remember/<word>/", remember), path("recall/", recall)]


@pytest.fixture
def browsers(settings: Settings) -> tuple[Client, Client]:
    """Two browsers with a session each, holding "plum" and "pear"."""
    settings.SESSION_ENGINE = "vault.sessions"
    settings.ROOT_URLCONF = __name__
    first, second = Client(), Client()
    first.get("/remember/plum/")
    second.get("/remember/pear/")
    return first, second


def row(browser: Client) -> Session:
    return Session.objects.get(session_key=browser.cookies["sessionid"].value)


def test_a_session_is_kept(browsers: tuple[Client, Client]) -> None:
    first, second = browsers
    assert first.get("/recall/").content == b"plum"
    assert second.get("/recall/").content == b"pear"


def test_a_row_says_nothing(browsers: tuple[Client, Client]) -> None:
    assert all("plum" not in session.session_data for session in Session.objects.all())
    assert row(browsers[0]).get_decoded() == {}


def test_a_row_copied_into_another_is_an_empty_session(
    browsers: tuple[Client, Client], caplog: pytest.LogCaptureFixture
) -> None:
    first, second = browsers
    Session.objects.filter(pk=row(second).pk).update(session_data=row(first).session_data)
    with caplog.at_level(logging.WARNING, LOGGER):
        answer = second.get("/recall/")
    assert (answer.status_code, answer.content) == (200, b"nothing")
    assert [record.name for record in caplog.records] == [LOGGER]
    assert row(second).pk not in caplog.text


def test_djangos_own_sessions_fall_for_a_copied_row(browsers: tuple[Client, Client], settings: Settings) -> None:
    """What the binding is for: without it, the copied row signs its reader in as someone else."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    first, second = Client(), Client()
    first.get("/remember/plum/")
    second.get("/remember/pear/")
    Session.objects.filter(pk=row(second).pk).update(session_data=row(first).session_data)
    assert second.get("/recall/").content == b"plum"


@pytest.mark.parametrize(
    "data",
    ["", ".", "dev", "dev.", "dev.AAAA", "gone.AAAA", "dev.====", "dev.é", "\ud7ff", "e30:1abc:signed", "." * 999],
)
def test_garbage_is_an_empty_session_and_a_line_in_the_log(
    browsers: tuple[Client, Client], caplog: pytest.LogCaptureFixture, data: str
) -> None:
    first, _ = browsers
    Session.objects.filter(pk=row(first).pk).update(session_data=data)
    with caplog.at_level(logging.WARNING, LOGGER):
        answer = first.get("/recall/")
    assert (answer.status_code, answer.content) == (200, b"nothing")
    assert [record.name for record in caplog.records] == [LOGGER]


@given(position=st.integers(0, 10_000), letter=st.characters(codec="ascii", exclude_characters="\0"))
def test_one_changed_letter_gives_the_session_or_an_empty_one(position: int, letter: str) -> None:
    store = SessionStore()
    store["word"] = "plum"
    store.create()
    sealed = store.encode({"word": "plum"})
    position %= len(sealed)
    changed = sealed[:position] + letter + sealed[position + 1 :]
    assert store.decode(changed) in ({}, {"word": "plum"})
    if changed == sealed:
        assert store.decode(changed) == {"word": "plum"}


@given(words=st.dictionaries(st.text(), st.text() | st.integers() | st.none()))
def test_what_a_session_holds_comes_back(words: dict[str, str | int | None]) -> None:
    store = SessionStore("a" * 32)
    assert store.decode(store.encode(words)) == words
    assert SessionStore("b" * 32).decode(store.encode(words)) == {}


def test_a_new_session_key_keeps_what_the_session_holds(browsers: tuple[Client, Client]) -> None:
    store = SessionStore(row(browsers[0]).pk)
    store.cycle_key()
    store.save()
    assert SessionStore(store.session_key).get("word") == "plum"


def test_sessions_survive_both_deploys_of_a_new_key(
    old_key: None, browsers: tuple[Client, Client], settings: Settings
) -> None:
    first, second = browsers
    put_new_key_in_front(settings)
    assert first.get("/recall/").content == b"plum"
    first.get("/remember/peach/")
    assert row(first).session_data.startswith("new.")
    settings.FIELD_ENCRYPTION_KEYS = {"new": NEW}
    assert first.get("/recall/").content == b"peach"
    assert second.get("/recall/").content == b"nothing"


def test_the_engine_is_found_by_its_name() -> None:
    assert import_module("vault.sessions").SessionStore is SessionStore


def test_a_new_key_moves_the_row_and_the_old_key_opens_nothing() -> None:
    session = SessionStore()
    session["word"] = "plum"
    session.save()
    old = session.session_key
    session.cycle_key()
    session.save()
    assert session.session_key != old
    assert [row.session_key for row in Session.objects.all()] == [session.session_key]
    assert SessionStore(session.session_key)["word"] == "plum"
    assert "word" not in SessionStore(old)


def test_two_who_change_the_key_at_the_same_time_have_a_session_each() -> None:
    session = SessionStore()
    session["word"] = "plum"
    session.save()
    first, second = SessionStore(session.session_key), SessionStore(session.session_key)
    for one in (first, second):
        one.cycle_key()
    first.save()
    second.save()
    assert {row.session_key for row in Session.objects.all()} == {first.session_key, second.session_key}
    assert SessionStore(second.session_key)["word"] == "plum"


def test_a_session_that_was_ended_meanwhile_is_not_written_again() -> None:
    session = SessionStore()
    session["word"] = "plum"
    session.save()
    SessionStore(session.session_key).flush()
    session["word"] = "pear"
    with pytest.raises(UpdateError):
        session.save()
    assert not Session.objects.exists()


def test_a_session_ended_right_after_its_key_changed_leaves_no_row() -> None:
    session = SessionStore()
    session["word"] = "plum"
    session.save()
    session.cycle_key()
    session.flush()
    assert not Session.objects.exists()

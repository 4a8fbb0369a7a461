"""Who waits for the database is looked after, and is not disturbed while it only takes its time."""

import threading
import time

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import RequestFactory

from portal import silent_database
from portal.silent_database import PATIENCE, SilentDatabase, Watch, cut, watch


@pytest.mark.django_db(transaction=True)
def test_a_slow_statement_of_a_database_that_answers_is_not_cut(postgres: str) -> None:
    with watch.over_me(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s), 7", [2 * PATIENCE])
        assert cursor.fetchall()[0][1] == 7
    assert not watch.silent


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_cut_fails_under_who_waits_and_the_next_one_works(postgres: str) -> None:
    connection.ensure_connection()
    wrapper = connection._connections[connection._alias]  # type: ignore[attr-defined]
    threading.Timer(0.3, cut, [wrapper]).start()
    start = time.monotonic()
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(20)")
    assert time.monotonic() - start < 5
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchall() == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_while_it_is_silent_nobody_gets_as_far_as_the_page(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    portal = SilentDatabase(lambda request: HttpResponse("page"))
    request = RequestFactory().get("/")
    monkeypatch.setattr(silent_database, "watch", Watch())
    assert portal(request).status_code == 200
    monkeypatch.setattr(silent_database.watch, "silent", True)
    answer = portal(request)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


@pytest.mark.sqlite
@pytest.mark.django_db
def test_on_sqlite_there_is_nobody_to_look_after() -> None:
    with pytest.raises(MiddlewareNotUsed):
        SilentDatabase(lambda request: HttpResponse("page"))

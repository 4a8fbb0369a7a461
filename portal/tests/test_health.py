"""`/healthz` and `/readyz` of a real production process, while its PostgreSQL and its Redis stop and freeze."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from cards.tests.factories import CardFactory
from portal.health import Health
from portal.sweeps import QUICK
from portal.tests.servers import fetch, production, readiness, run, web
from tests.services.postgres import PostgresServer
from tests.services.redis import RedisServer

READY = {"status": "ready", "database": "ok", "migrations": "ok", "keys": "ok", "broker": "ok", "sweeper": "ok"}
TICKS = "INSERT INTO portal_tick (task, at) SELECT task, now() + interval '1 hour' FROM unnest(%s::text[]) AS task"
PROBE_SECONDS = 6
TOKEN = "a-token-of-these-tests-0123456789"


def parts_of(answer: HttpResponseBase) -> dict[str, str]:
    assert isinstance(answer, HttpResponse)
    parts: dict[str, str] = json.loads(answer.content)
    return parts


def metrics(base: str) -> tuple[int, str]:
    return fetch(f"{base}/metrics", authorization=f"Bearer {TOKEN}")


@pytest.fixture
def portal(tmp_path: Path, postgres_server: PostgresServer, redis_server: RedisServer) -> Iterator[str]:
    """The address of a web process of production."""
    environment = production(
        DATABASE_URL=postgres_server.url,
        REDIS_URL=redis_server.url,
        PORTAL_STATIC=f"{tmp_path}/static",
        METRICS_TOKEN=TOKEN,
    )
    for command in (["collectstatic", "--noinput"], ["migrate"]):
        ended = run(["manage.py", *command, "--verbosity=0"], environment)
        assert ended.returncode == 0, ended.stdout
    with psycopg.connect(postgres_server.conninfo) as database:  # as if the sweeps came all the while
        database.execute("DELETE FROM portal_tick")
        database.execute(TICKS, [list(QUICK)])
    server, address = web(environment, log=tmp_path / "log")
    with server:
        yield address


def test_it_is_ready_lives_on_and_says_which_part_is_gone(
    portal: str, postgres_server: PostgresServer, redis_server: RedisServer
) -> None:
    assert readiness(portal) == (200, READY)

    for broken in (redis_server.down, redis_server.frozen):
        with broken():
            started = time.monotonic()
            assert readiness(portal) == (200, READY | {"status": "degraded", "broker": "unreachable"})
            assert time.monotonic() - started < PROBE_SECONDS
    assert readiness(portal) == (200, READY)

    with postgres_server.down():
        status, parts = readiness(portal)
        assert status == 503
        assert (parts["status"], parts["database"], parts["broker"]) == ("unavailable", "unreachable", "ok")
        assert fetch(f"{portal}/healthz") == (200, "ok\n")
        assert metrics(portal)[0] == 503
    with postgres_server.frozen():
        started = time.monotonic()
        assert metrics(portal) == (503, "the database is away\n")
        assert readiness(portal)[0] == 503
        assert time.monotonic() - started < 2 * PROBE_SECONDS + 2
    end = time.monotonic() + 10
    while metrics(portal)[0] != 200 and time.monotonic() < end:
        time.sleep(0.2)
    assert "portal_messages_waiting" in metrics(portal)[1]
    assert readiness(portal) == (200, READY)


def test_it_is_not_ready_before_the_migrations(tmp_path: Path, redis_server: RedisServer) -> None:
    environment = production(
        DATABASE_URL=f"sqlite:///{tmp_path}/empty.sqlite3",
        REDIS_URL=redis_server.url,
        PORTAL_STATIC=f"{tmp_path}/static",
    )
    assert run(["manage.py", "collectstatic", "--noinput", "--verbosity=0"], environment).returncode == 0
    server, address = web(environment, log=tmp_path / "log")
    with server:
        missing = {"status": "unavailable", "migrations": "missing", "keys": "unknown", "sweeper": "unknown"}
        assert readiness(address) == (503, READY | missing)
        assert run(["manage.py", "migrate", "--verbosity=0"], environment).returncode == 0
        assert readiness(address) == (200, READY | {"status": "degraded", "sweeper": "never ran"})


@pytest.mark.django_db
def test_keys_that_are_not_those_of_the_data_are_said_until_they_are_put_back(settings: Settings) -> None:
    CardFactory.create()
    fitting, health = settings.FIELD_ENCRYPTION_KEYS, Health(lambda request: HttpResponse())
    settings.FIELD_ENCRYPTION_KEYS = {"dev": b"another key under the same id 32"}
    answer = health(RequestFactory().get("/readyz"))
    assert answer.status_code == 200 and parts_of(answer)["status"] == "degraded"
    assert parts_of(answer)["keys"] == "FIELD_ENCRYPTION_KEYS does not fit the data"
    settings.FIELD_ENCRYPTION_KEYS = fitting
    assert parts_of(health(RequestFactory().get("/readyz")))["keys"] == "ok"
    with CaptureQueriesContext(connection) as asked:
        health(RequestFactory().get("/readyz"))
    assert len(asked) <= 3, "what fitted once is not looked at again"

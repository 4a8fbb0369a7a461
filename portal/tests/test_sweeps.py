"""The sweeps tell when they came last: by the rows alone, and by a real worker and beat of production."""

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.utils import timezone

from accounts.tasks import sweep_code_requests
from portal.celery import app
from portal.models import Tick
from portal.sweeps import LATE, QUICK, SCHEDULED, lag
from portal.tests.servers import ROOT, production, readiness, run, web
from tests.services.installation import Speaking
from tests.services.postgres import PostgresServer
from tests.services.redis import RedisServer


def come(at_seconds_ago: float) -> None:
    at = timezone.now() - timedelta(seconds=at_seconds_ago)
    for task in QUICK:
        Tick.objects.update_or_create(task=task, defaults={"at": at})


@pytest.mark.django_db
def test_a_sweep_that_never_came_is_told_even_when_the_others_did() -> None:
    assert str(lag(timezone.now())) == "never ran"
    come(1)
    Tick.objects.filter(task=sweep_code_requests.name).delete()
    assert str(lag(timezone.now())) == "never ran"


@pytest.mark.django_db
def test_three_missed_sweeps_are_late_and_the_latest_counts() -> None:
    come(LATE - 5)
    assert str(lag(timezone.now())) == "ok"
    Tick.objects.filter(task=sweep_code_requests.name).update(at=timezone.now() - timedelta(seconds=LATE + 300))
    assert str(lag(timezone.now())).startswith("late by 3")


@pytest.mark.django_db
def test_a_sweep_leaves_its_tick_when_it_has_ended_well_only() -> None:
    sweep_code_requests.apply()
    first = Tick.objects.get(task=sweep_code_requests.name).at
    sweep_code_requests.apply()
    assert Tick.objects.get(task=sweep_code_requests.name).at > first
    sweep_code_requests.apply(args=("one too many",))
    assert Tick.objects.count() == 1


@pytest.mark.django_db
def test_what_is_not_on_the_schedule_leaves_none() -> None:
    app.tasks["activation.tasks.verify_attempt"].apply(args=("00000000-0000-7000-8000-000000000000",))
    assert not Tick.objects.exists()


def test_every_line_of_the_schedule_is_a_task_that_exists() -> None:
    app.loader.import_default_modules()
    assert set(SCHEDULED) <= set(app.tasks)
    assert len(QUICK) >= 3


def wait_for(said: str, base: str, seconds: float = 120) -> dict[str, str]:
    """What `/readyz` answers once the sweeper's state begins so."""
    end = time.monotonic() + seconds
    while True:
        status, parts = readiness(base)
        if parts["sweeper"].startswith(said) or time.monotonic() > end:
            assert (status, parts["sweeper"][: len(said)]) == (200, said)
            return parts
        time.sleep(0.5)


def test_readyz_is_ready_with_worker_and_beat_and_degraded_when_the_beat_is_gone(
    tmp_path: Path, postgres_server: PostgresServer, redis_server: RedisServer
) -> None:
    environment = production(
        DATABASE_URL=postgres_server.url, REDIS_URL=redis_server.url, PORTAL_STATIC=f"{tmp_path}/static"
    )
    for command in (["collectstatic", "--noinput"], ["migrate"]):
        assert run(["manage.py", *command, "--verbosity=0"], environment).returncode == 0
    with psycopg.connect(postgres_server.conninfo) as database:
        database.execute("DELETE FROM portal_tick")
    server, base = web(environment, log=tmp_path / "web.log")
    with server:
        assert wait_for("never ran", base)["status"] == "degraded"
        celery = celery_of(environment, tmp_path)
        with celery("worker", " ready.", "-Q", "codes,urgent,bulk,celery", "-c2"), celery("beat", "beat: Starting"):
            assert wait_for("ok", base)["status"] == "ready"
        with psycopg.connect(postgres_server.conninfo) as database:  # instead of waiting that long
            database.execute("UPDATE portal_tick SET at = at - interval '1 hour'")
        assert wait_for("late by 3", base)["status"] == "degraded"


def celery_of(environment: dict[str, str], logs: Path) -> Callable[..., Speaking]:
    """Worker and beat of that environment."""

    def start(name: str, word: str, *options: str) -> Speaking:
        command = [sys.executable, "-m", "celery", "-A", "portal", name, *options, "--loglevel", "INFO"]
        return Speaking(command, word=word, log=logs / name, env=environment, cwd=ROOT)

    return start

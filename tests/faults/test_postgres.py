"""PostgreSQL is frozen, then killed and started again: people are told to come back later, soon, and lose nothing."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from demo.carrier.server import Carrier
from tests.faults.codes import Holder
from tests.faults.conftest import Note
from tests.faults.journeys import Log, Person, people
from tests.protections.story import until
from tests.services.installation import PORTAL, Installation
from tests.services.postgres import PostgresServer
from tests.services.redis import RedisServer
from tests.services.visitor import Answer

pytestmark = pytest.mark.usefixtures("postgres")

BACK_WITHIN = 10.0
NAIVE = "tests.faults.naive_wsgi:application"
QUICK = "tests.faults.quick"


@pytest.fixture
def frail(
    production_code: Path, postgres_server: PostgresServer, redis_server: RedisServer, carrier: Carrier, tmp_path: Path
) -> Iterator[Installation]:
    """An installation whose database may be frozen and killed: not the suite's."""
    redis_server.client().flushall()
    told = {"DATABASE_URL": postgres_server.url, "REDIS_URL": redis_server.url, "SMS_URL": carrier.url}
    with Installation(production_code, tmp_path, LOG_LEVEL="INFO", **told) as installation:
        migrated = installation.manage("migrate", "--verbosity=0")
        assert migrated.returncode == 0, migrated.stderr
        yield installation


def holders(installation: Installation, count: int) -> list[Holder]:
    """Cards with a code in the hands of their holders."""
    command = [sys.executable, "-m", "tests.faults.seed", f"{count}"]
    environment = installation.environment | {"DJANGO_SETTINGS_MODULE": "portal.settings"}
    done = subprocess.run(command, cwd=installation.code, env=environment, capture_output=True, text=True, check=True)
    made: list[Holder] = json.loads(done.stdout)
    return made


def test_a_frozen_and_a_killed_database_close_the_portal_and_lose_nothing(
    frail: Installation, postgres_server: PostgresServer, carrier: Carrier, full: bool, note: Note
) -> None:
    seconds, rate = (20.0, 5.0) if full else (5.0, 2.0)
    count = int(rate * (2 * seconds + 22))  # people still come when it has been back for ten seconds
    cards, log = holders(frail, 2 * count), Log()
    asking, activating = cards[:count], cards[count:]
    persons = [Person(frail.web.port, number, log) for number in range(2 * count)]
    journeys = [
        step
        for number in range(count)
        for step in (
            partial(persons[number].ask_for_a_code, asking[number]),
            partial(persons[count + number].activate, activating[number]),
        )
    ]
    with frail.worker_of(QUICK), frail.beat_of(QUICK), frail.web:
        with people(2 * rate, journeys):
            time.sleep(3)
            with postgres_server.frozen():
                time.sleep(seconds)
            thawed = time.monotonic()
            time.sleep(BACK_WITHIN + 2 if full else 4)
            killed = time.monotonic()
            with postgres_server.down():
                time.sleep(seconds / 2)
            restarted = time.monotonic()
        wanted = {holder["phone"] for holder in asking}
        until(lambda: wanted <= {call.body["to"] for call in carrier.ledger.taken()}, seconds=90)
        until(lambda: all(person.is_active() for person in persons[count:]), seconds=90)
    told_to_wait = log.where(lambda asked: asked.status == 503)
    between = told_to_wait.where(lambda asked: thawed < asked.at and asked.at + asked.seconds < killed)
    back = [between.last(thawed), told_to_wait.where(lambda asked: asked.at > restarted).last(restarted)]
    normal = log.where(lambda asked: asked.at > restarted + BACK_WITHIN)
    note(
        f"{2 * rate:.0f} journeys a second, frozen {seconds:.0f} s, killed {seconds / 2:.0f} s: {log.statuses()}; "
        f"503 within {told_to_wait.longest():.1f} s; last 503 {back[0]:.1f} s after it went on, {back[1]:.1f} s after "
        f"its restart; p95 from 10 s after it {normal.p95() * 1000:.0f} ms; {len(journeys)} acknowledged, none lost"
    )
    assert set(log.statuses()) <= {200, 302, 303, 503}
    assert all(asked.friendly for asked in told_to_wait)
    assert told_to_wait.longest() < BACK_WITHIN
    assert max(back) < BACK_WITHIN


@pytest.mark.parametrize(("application", "answered"), [(PORTAL, True), (NAIVE, False)], ids=["portal", "naive"])
def test_a_silent_database_keeps_nobody_waiting(
    frail: Installation, postgres_server: PostgresServer, note: Note, application: str, answered: bool
) -> None:
    """More people than there are threads. The twin has nobody who looks after those that wait."""
    log = Log()
    with frail.web_of(application, NAIVE="nobody looks after the database") as web, ThreadPoolExecutor(50) as threads:
        persons = [Person(web.port, number, log, patience=12.0) for number in range(50)]
        assert {answer.status for answer in threads.map(lambda person: person.open("/code/new/"), persons)} == {200}
        list(threads.map(send_form, persons, range(50)))
        log.clear()
        with postgres_server.frozen():
            list(threads.map(send_form, persons, range(50)))
            note(f"{len(persons)} people at once: {log.statuses()} within {log.longest():.1f} s")
            assert (0 not in log.statuses()) is answered
            if answered:
                assert log.statuses().keys() == {503} and log.longest() < BACK_WITHIN
                assert persons[0].ask("GET", "/healthz").status == 200
                assert persons[0].ask("GET", "/readyz").status == 503
        until(lambda: bool(send_form(persons[0], 51).location), seconds=BACK_WITHIN)


def send_form(person: Person, number: int) -> Answer:
    return person.send(person.form() | {"card_number": f"6200{number:012d}", "contact": f"+86139{number:08d}"})

"""How long a public form takes does not tell who is known: over HTTP, against a real server on PostgreSQL.

Three kinds of people come in random order: known, unknown, and unknown ones who are answered 3 ms later. The short
form asks until those 3 ms are seen beyond doubt, however busy the machine is, and then nothing may be seen between
known and unknown. The long form (`make timing`) asks 2,000 of each, three times, and leaves out nothing of what it
measured.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.protections.conftest import database_url
from tests.protections.public_forms import WALKS, Walk
from tests.protections.telling_apart import area, deviations
from tests.protections.timed_walks import KNOWN, SLOWED, UNKNOWN, Crowd
from tests.services.installation import Installation, WebServer
from tests.services.redis import RedisServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("postgres", "with_its_keys")]

SLOWED_WEB = "tests.protections.slowed_wsgi:application"
BEYOND_DOUBT = 4.8
"""Standard deviations. By chance one comparison in 600,000 is beyond, and one run of the short form in 50,000."""
ROUND, MOST_ROUNDS = 24, 300
RUNS, MANY, PART = 3, 2000, 250
FROM, TO = 0.47, 0.53

IN_SHORT = ["activation code", "lost, by phone"]
"""One that compares codes and one that asks for one; the long form takes all walks."""


@pytest.fixture(scope="module")
def web(
    django_db_setup: None,
    production_code: Path,
    redis_server: RedisServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Installation, WebServer]]:
    told = {"DATABASE_URL": database_url(), "REDIS_URL": redis_server.url, "LOG_LEVEL": "WARNING"}
    installation = Installation(production_code, tmp_path_factory.mktemp("logs"), **told)
    with installation, installation.web_of(SLOWED_WEB) as server:
        yield installation, server


@pytest.fixture
def installation(web: tuple[Installation, WebServer]) -> Installation:
    return web[0]


@pytest.fixture
def crowd(web: tuple[Installation, WebServer]) -> Crowd:
    return Crowd(web[1].port)


def is_seen(crowd: Crowd) -> bool:
    """Whether at each form the 3 ms of the twin are seen beyond doubt."""
    times = crowd.seconds.values()
    return all(deviations(each[UNKNOWN], each[SLOWED]) > BEYOND_DOUBT for each in times)


def told_apart(crowd: Crowd) -> list[float]:
    """What is seen beyond doubt between known and unknown people."""
    found = [deviations(each[UNKNOWN], each[KNOWN]) for each in crowd.seconds.values()]
    return [apart for apart in found if abs(apart) > BEYOND_DOUBT]


@pytest.mark.parametrize("name", IN_SHORT)
def test_where_three_milliseconds_are_seen_known_and_unknown_are_not_told_apart(name: str, crowd: Crowd) -> None:
    walk: Walk = WALKS[name]
    for _round in range(MOST_ROUNDS):
        crowd.walk(walk, ROUND)
        if is_seen(crowd):
            break
    said = "\n".join(crowd.areas(walk))
    assert is_seen(crowd), said
    assert not told_apart(crowd), said


@pytest.mark.long
@pytest.mark.parametrize("name", WALKS)
def test_over_2000_requests_of_each_kind_the_area_is_a_half(name: str, web: tuple[Installation, WebServer]) -> None:
    crowd = Crowd(web[1].port)
    for _run in range(RUNS):
        crowd.seconds.clear()
        for _part in range(MANY // PART):
            crowd.walk(WALKS[name], PART)
        print("\n", *crowd.areas(WALKS[name]), sep="\n", flush=True)
        for times in crowd.seconds.values():
            assert FROM < area(times[UNKNOWN], times[KNOWN]) < TO
            assert area(times[UNKNOWN], times[SLOWED]) > TO

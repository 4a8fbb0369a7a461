"""`make run` as a process: it plays from nothing, is started again, is killed, and says what stands in its way."""

import json
import socket
import sqlite3
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client

from portal.tests.servers import BARE, demo, fetch, readiness, run
from tests.services.processes import STOP_SECONDS, ServerProcess, listens
from tests.services.redis import RedisServer

PATIENCE_SECONDS = 120


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def started(tmp_path: Path, var: Path) -> Iterator[Callable[..., tuple[ServerProcess, str]]]:
    """Start a demo whose files are in `var`; every one of them has ended after the test."""
    running: list[ServerProcess] = []

    def start(**changes: str) -> tuple[ServerProcess, str]:
        server, address = demo(var, log=tmp_path / "log", **changes)
        running.append(server)
        return server.start(), address

    yield start
    for server in running:
        server.stop()


def eventually(found: Callable[[], object]) -> bool:
    end = time.monotonic() + PATIENCE_SECONDS
    while not found():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


def arrived(var: Path, folder: str) -> list[dict[str, str]]:
    return [json.loads(file.read_text()) for file in (var / folder).glob("*.json")]


def beside(var: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A management command in another shell, which has no settings of its own."""
    return run(["manage.py", *command], BARE | {"PORTAL_VAR": f"{var}"})


def test_first_messages_arrive_and_commands_work_beside_it(
    var: Path, tmp_path: Path, started: Callable[..., tuple[ServerProcess, str]]
) -> None:
    _, address = started()
    assert eventually(lambda: len(arrived(var, "mail")) == 12 and len(arrived(var, "sms")) == 8)
    status, page = fetch(f"{address}/demo/")
    assert status == 200
    assert arrived(var, "mail")[0]["to"] in page
    assert "202600007919" in page
    assert readiness(address)[0] == 200
    said = (tmp_path / "log").read_text()
    assert all(f"{address}{path}" in said for path in ("/", "/demo/", "/admin/"))

    told = beside(var, "issue_codes", "--programme", "bank", "--channel", "email", "--limit", "4")
    assert told.returncode == 0, told.stdout
    assert eventually(lambda: len(arrived(var, "mail")) == 16)
    again = beside(var, "import_cards", "demo/cards/campus.csv", "--programme", "campus")
    assert again.returncode == 0, again.stdout
    paid = beside(var, "import_transactions", "demo/transactions/bank.csv", "--programme", "bank", "--dry-run")
    assert paid.returncode == 0 and "360" in paid.stdout, paid.stdout


def test_started_again_it_keeps_its_keys_and_tells_nobody_twice(
    var: Path, tmp_path: Path, started: Callable[..., tuple[ServerProcess, str]]
) -> None:
    server, _ = started()
    assert eventually(lambda: len(arrived(var, "mail")) == 12)
    made = (var / "demo.env").read_text()
    assert stat.S_IMODE((var / "demo.env").stat().st_mode) == 0o600
    server.stop()

    _, address = started()
    assert (var / "demo.env").read_text() == made
    assert (tmp_path / "log").read_text().count("Preparing the demo") == 1
    status, page = fetch(f"{address}/demo/")  # reads what was encrypted before
    assert (status, "202600007919" in page) == (200, True)
    time.sleep(3)
    assert len(arrived(var, "mail")) == 12


def test_killed_outright_it_leaves_nothing_that_blocks_the_next_start(
    var: Path, started: Callable[..., tuple[ServerProcess, str]]
) -> None:
    server, address = started()
    port = urlsplit(address).port or 0
    assert server.process is not None
    server.process.kill()  # the parent alone, not the web process it has started
    server.process.wait()
    assert eventually(lambda: not listens(port))
    again, _ = demo(var, log=var / "again.log", PORT=str(port))
    again.ready = lambda: listens(port)
    with again:
        assert fetch(f"{address}/healthz")[0] == 200


def test_told_to_stop_it_stops_soon(started: Callable[..., tuple[ServerProcess, str]]) -> None:
    server, address = started()
    begun = time.monotonic()
    server.stop()
    assert time.monotonic() - begun < STOP_SECONDS - 3, "and is not killed"
    assert not listens(urlsplit(address).port or 0)


def test_on_redis_the_pages_work_while_it_is_away_and_the_messages_go_out_when_it_is_back(
    var: Path, redis_server: RedisServer, started: Callable[..., tuple[ServerProcess, str]]
) -> None:
    _, address = started(REDIS_URL=redis_server.url)
    assert eventually(lambda: len(arrived(var, "mail")) == 12)
    with redis_server.down():
        assert readiness(address)[1]["status"] == "degraded"
        assert fetch(f"{address}/")[0] == 200
        told = run(
            ["manage.py", "issue_codes", "--programme", "bank", "--channel", "email", "--limit", "4"],
            BARE | {"PORTAL_VAR": f"{var}", "REDIS_URL": redis_server.url},
        )
        assert told.returncode == 0, told.stdout
        assert len(arrived(var, "mail")) == 12
    assert eventually(lambda: len(arrived(var, "mail")) == 16)


def test_a_taken_port_is_named_with_the_remedy(var: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run(["-m", "portal.demo"], BARE | {"PORTAL_VAR": f"{var}", "PORT": f"{port}"})
    assert ended.returncode != 0
    assert f"Port {port} cannot be used" in ended.stdout
    assert "PORT=8001 make run" in ended.stdout
    assert "Traceback" not in ended.stdout


def test_lost_keys_are_told_before_anything_is_spoilt(var: Path) -> None:
    var.mkdir()
    with closing(sqlite3.connect(var / "portal.sqlite3")) as connection:
        connection.execute("CREATE TABLE cards (id)")
    ended = run(["-m", "portal.demo"], BARE | {"PORTAL_VAR": f"{var}"})
    assert ended.returncode != 0
    assert "demo.env is missing" in ended.stdout
    assert "Traceback" not in ended.stdout


@pytest.mark.django_db
def test_the_demo_page_is_not_there_outside_the_demo(client: Client) -> None:
    assert client.get("/demo/").status_code == 404

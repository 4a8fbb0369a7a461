"""An import that is killed, or met by another one, loses and doubles nothing: it is simply run again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from cards import importing_writing
from cards.importing_rows import AT_ONCE
from cards.importing_tables import put_rows
from cards.models import Card, CardEvent, Programme
from cards.tests.card_files import bank, good, run, write

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 12 * AT_ONCE


def database_url() -> str:
    """Where another process finds the test's database."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    return f"postgres://{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"


def start_import(path: Path) -> "subprocess.Popen[str]":
    """Start the command in a process of its own."""
    command = [sys.executable, "manage.py", "import_cards", str(path), "--programme", "bank"]
    environment = {**os.environ, "DATABASE_URL": database_url(), "PORTAL_MODE": "development"}
    # A suite in a shell's background has Ctrl-C ignored, and so have its children.
    return subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def wait_for_cards() -> None:
    wait_until(Card.objects.exists)


def children_of(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_running(pid: int) -> bool:
    """Say whether a process goes on; one that waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def assert_all_are_there_once(rows: int) -> None:
    """Each row is one card with one event."""
    numbers = {card.number for card in Card.objects.only("id", "number")}
    assert len(numbers) == Card.objects.count() == rows
    assert CardEvent.objects.values("card").distinct().count() == CardEvent.objects.count() == rows


def test_killed_in_the_middle_and_run_again_it_loses_and_doubles_no_row(tmp_path: Path) -> None:
    bank()
    path = write(tmp_path / "cards.csv", *map(good, range(ROWS)))
    process = start_import(path)
    wait_for_cards()
    children = children_of(process.pid)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    came = Card.objects.count()
    assert 0 < came < ROWS and came % AT_ONCE == 0
    assert CardEvent.objects.count() == came
    assert children
    wait_until(lambda: not any(map(is_running, children)))
    outcome = run(path)
    assert (outcome.code, outcome.count("New cards"), outcome.count("Unchanged cards")) == (0, ROWS - came, came)
    assert_all_are_there_once(ROWS)


def test_interrupted_by_hand_it_says_how_to_go_on(tmp_path: Path) -> None:
    bank()
    process = start_import(write(tmp_path / "cards.csv", *map(good, range(ROWS))))
    wait_for_cards()
    process.send_signal(signal.SIGINT)
    _out, error = process.communicate()
    assert process.returncode == 130
    assert error == "CommandError: Interrupted. Run the same command again to go on.\n"


def test_two_imports_of_one_file_at_once_bring_each_card_once(tmp_path: Path) -> None:
    bank()
    path = write(tmp_path / "cards.csv", *map(good, range(ROWS // 2)))
    both = [start_import(path), start_import(path)]
    told = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    created = [int(out.splitlines()[0].rpartition(" ")[2]) for out, _error in told]
    assert sum(created) == ROWS // 2
    assert_all_are_there_once(ROWS // 2)


def import_that_breaks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Import a file in batches of ten, and break in the third before its events are written."""
    bank()
    monkeypatch.setattr("cards.importing_rows.AT_ONCE", 10)
    path = write(folder / "cards.csv", *map(good, range(50)))
    written: list[str] = []

    def breaking(table: str, *args: Any, **same: Any) -> None:
        written.append(table)
        if written.count("cards_cardevent") == 3:
            raise KeyboardInterrupt
        put_rows(table, *args, **same)

    monkeypatch.setattr(importing_writing, "put_rows", breaking)
    assert run(path).code == 130
    monkeypatch.setattr(importing_writing, "put_rows", put_rows)
    return path


def test_no_card_is_ever_without_its_event(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = import_that_breaks(tmp_path, monkeypatch)
    assert Card.objects.count() == CardEvent.objects.count() == 20
    run(path)
    assert_all_are_there_once(50)


def test_without_one_transaction_for_both_an_event_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the protection taken away, the test above must see it."""
    monkeypatch.setattr(importing_writing, "atomic", nullcontext)
    path = import_that_breaks(tmp_path, monkeypatch)
    run(path)
    assert (Card.objects.count(), CardEvent.objects.count()) == (50, 40)


@pytest.mark.sqlite
def test_a_running_portal_can_write_meanwhile(tmp_path: Path) -> None:
    programme = bank()
    process = start_import(write(tmp_path / "cards.csv", *map(good, range(ROWS))))
    waits = []
    while process.poll() is None:
        started = time.monotonic()
        Programme.objects.filter(pk=programme.pk).update(hotline="400-000-0000")
        waits.append(time.monotonic() - started)
        time.sleep(0.05)
    assert (process.returncode, process.communicate()[1]) == (0, "")
    assert len(waits) > 10 and max(waits) < 5
    assert_all_are_there_once(ROWS)

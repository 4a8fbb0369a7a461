"""Imports of the same transactions at once, and one that is killed: each row is there once, and counted once.

Both are held where it matters, on PostgreSQL; the naive twins lose there every time.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.tests.factories import CardBindingFactory
from cards.models import Card
from statements import bringing_in, writing
from statements.importing_rows import AT_ONCE
from statements.models import Alert, MonthTotal, Transaction
from statements.tests.factories import come_in, record
from statements.tests.test_import_interrupted import kept
from statements.tests.transaction_files import bank_card, paid, run, write
from vault.tests.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 120
"""Seconds that a party is waited for, on a busy machine too."""


def wait_until_somebody_waits() -> None:
    """Wait until another connection waits for a row that this one has written."""
    end = time.monotonic() + SOON
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits")


def start_import(path: Path) -> "subprocess.Popen[str]":
    """Start the command in a process of its own."""
    settings = connection.settings_dict
    address = f"postgres://{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    command = [sys.executable, "manage.py", "import_transactions", str(path), "--programme", "bank"]
    environment = {**os.environ, "DATABASE_URL": address, "PORTAL_MODE": "development"}
    # A suite in a shell's background has Ctrl-C ignored, and so have its children.
    return subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def file_of(folder: Path, rows: int) -> Path:
    return write(folder / "t.csv", *(paid(n, amount_minor="-1") for n in range(rows)))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_killed_in_the_middle_and_run_again_no_row_is_lost_or_doubled(
    postgres: str, tmp_path: Path, how: signal.Signals
) -> None:
    card = bank_card()
    rows = AT_ONCE + 500
    path = file_of(tmp_path, rows)
    with transaction.atomic():
        come_in(card, record(card, timezone.now() - timedelta(days=90), issuer_id=f"T{rows - 1:08d}"))
        process = start_import(path)  # its second batch waits for that row
        wait_until_somebody_waits()
        process.send_signal(how)
        _out, error = process.communicate(timeout=SOON)
        transaction.set_rollback(True)
    if how == signal.SIGINT:
        assert (process.returncode, error) == (
            130,
            "CommandError: Interrupted. Run the same command again to go on.\n",
        )
    assert kept() == (AT_ONCE,) * 3
    outcome = run(path)
    assert (outcome.count("New"), outcome.count("Transactions that")) == (500, AT_ONCE)
    assert kept() == (rows,) * 3


def test_rows_and_sums_that_are_written_one_after_the_other_would_be_lost_between(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank_card()
    path = file_of(tmp_path, 10)

    class Killed(BaseException):
        pass

    def committed_alone(*args: Any) -> int:
        written = writing.write_transactions(*args)
        connection.connection.commit()  # past Django, which holds the whole together
        raise Killed if written else AssertionError

    with monkeypatch.context() as naive:
        naive.setattr(bringing_in, "write_transactions", committed_alone)
        with pytest.raises(Killed):
            run(path)
    assert run(path).count("Transactions that") == 10
    assert kept() == (10, 0, 0)


def both_import(
    card: Card, monkeypatch: pytest.MonkeyPatch, write_new: Callable[[Any], int], hold_sums: Callable[[], None]
) -> tuple[int, int, int]:
    """Import the same ten payments by two connections at once; rows, how many are counted, alerts."""
    CardBindingFactory.create(card=card)
    payments = [record(card, timezone.now() - timedelta(hours=n), -900_000) for n in range(10)]
    monkeypatch.setattr(bringing_in, "write_transactions", write_new)
    monkeypatch.setattr(bringing_in, "add_totals", hold_sums)
    at_once(2, lambda _number: come_in(card, *payments))
    counted = sum(MonthTotal.objects.values_list("outgoing_count", flat=True))
    return Transaction.objects.count(), counted, Alert.objects.filter(rule="amount").count()


def test_two_imports_of_the_same_rows_at_once_bring_each_once(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first has written and not committed when the second writes the same, and waits."""
    held = Event()

    def hold_until_the_other_waits() -> None:
        if not held.is_set():
            held.set()
            wait_until_somebody_waits()
        writing.add_totals()

    came = both_import(bank_card(), monkeypatch, writing.write_transactions, hold_until_the_other_waits)
    assert came == (10, 10, 10) and held.is_set()


def test_looking_for_what_is_new_and_then_writing_would_count_rows_twice(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_looked = Barrier(2)

    def look_then_write(programme: Any) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM incoming_transaction b LEFT JOIN statements_transaction t"
                " ON t.programme_id = %s AND t.issuer_id = b.issuer_id WHERE t.id IS NULL",
                [programme.pk],
            )
            new = int(cursor.fetchone()[0])
        both_looked.wait(SOON)
        writing.write_transactions(programme)
        return new

    def add_what_was_read() -> None:
        with connection.cursor() as cursor:
            cursor.execute(writing.TOTALS.format(uuid="uuid").replace("t.id = b.id", "t.issuer_id = b.issuer_id"))

    rows, counted, _alerts = both_import(bank_card(), monkeypatch, look_then_write, add_what_was_read)
    assert (rows, counted) == (10, 20)


def test_two_commands_with_one_file_at_once_bring_each_row_once(postgres: str, tmp_path: Path) -> None:
    bank_card()
    path = file_of(tmp_path, 300)
    both = [start_import(path), start_import(path)]
    told = [process.communicate(timeout=SOON) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert sum(int(out.splitlines()[0].rpartition(" ")[2]) for out, _error in told) == 300
    assert kept() == (300, 300, 300)

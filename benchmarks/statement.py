"""A million transactions on PostgreSQL: how fast they are imported, what that holds in memory, what a page costs.

One of the thousand cards has 50,000 of them, one has 500; both statements are asked for the same pages, in turns, by
the test client, so that all of the portal but the network is in the figures. The pages of the long one are also asked
for while the table holds but a twentieth. Aims: the memory of the command's two processes grows by at most 16 MiB
between 10 % of the large file and its end (at 10 % everything is loaded, and every batch is as large as the next); as
many queries for both cards; at most half as much CPU time again for the long one, and for the full table.
"""

import csv
import json
import logging
import os
import re
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from multiprocessing import active_children
from pathlib import Path
from random import Random
from typing import Any

import django
from django.core.management import call_command

from demo.generate import card_number
from demo.generate_transactions import COLUMNS
from tests.services.postgres import PostgresServer

CARDS, LONG, SHORT = 1_000, 50_000, 500
"""The short statement fills a page of each filter, as the long one does: what is compared shows as many rows."""
SIZES = (50_000, 1_000_000)
"""Rows in the table: the long statement alone, then all."""
BEFORE, ROUNDS = 20_000, 25
AIM_GROWTH, AIM_RATIO = 16, 1.5
BEGIN, MONTHS = datetime(2025, 1, 1, tzinfo=UTC), 12
QUERIES = ("?month=all", "?month=2025-06", "?month=all&show=fee", "?month=all&show=in")
KINDS = ("purchase",) * 15 + ("top_up", "refund", "withdrawal", "transfer", "fee")


def main() -> int:
    """Measure and print; 1 when an aim was missed."""
    server = PostgresServer(as_in_production=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        _write(folder / "small.csv", 0, BEFORE, long=0)
        _write(folder / "long.csv", 1_000_000, SIZES[0], long=LONG)
        _write(folder / "large.csv", 2_000_000, SIZES[1] - SIZES[0] - BEFORE, long=0)
        try:
            os.environ.update(DATABASE_URL=server.start().url, PORTAL_MODE="development")
            _child("prepare")
            _child("import", str(folder / "small.csv"))
            _child("import", str(folder / "long.csv"))
            alone = json.loads(_child("pages"))
            told = json.loads(_child("import", str(folder / "large.csv")))
            full = json.loads(_child("pages"))
        finally:
            server.remove()
    return _report(told, alone, full)


def _report(told: dict[str, Any], alone: dict[str, Any], full: dict[str, Any]) -> int:
    rows = SIZES[1] - SIZES[0] - BEFORE
    print(f"{SIZES[1]:,} transactions of {CARDS:,} cards; one card has {LONG:,}, one has {SHORT}")
    each = " ".join(f"{share:.0%}: {mib:.1f}" for share, mib in told["memory"])
    command, database = told["cpu"]
    print(f"  import        {rows / told['seconds']:8,.0f} rows/s, {told['seconds']:.0f} s for {rows:,}")
    print(f"  of that CPU   {command:8.0f} s of the command's two processes, {database:.0f} s of the database's")
    print(f"  memory growth {told['growth']:8.1f} MiB from 10 % on (aim: at most {AIM_GROWTH}); peaks: {each}")
    missed = told["growth"] > AIM_GROWTH
    print("  CPU of a page, with the database's  queries   short card    long card    long card, table a twentieth")
    for page, (queries, long_ms) in full["long"].items():
        short_queries, short_ms = full["short"].get(page, (queries, None))
        before = alone["long"][page][1]
        beside = f"{short_ms:9.1f} ms" if short_ms else "           -"
        print(f"  {page:34} {short_queries:3} / {queries:3} {beside} {long_ms:9.1f} ms {before:9.1f} ms")
        missed |= queries != short_queries or long_ms > AIM_RATIO * min(before, short_ms or before)
    if missed:
        print("An aim was missed.", file=sys.stderr)
    return int(missed)


def _write(path: Path, serial: int, count: int, *, long: int) -> None:
    """Write a file: `long` rows of the first card, and the others in turn, of which the second card has `SHORT`."""
    random, numbers = Random(serial), [card_number("bank", card) for card in range(CARDS)]
    step = timedelta(days=365) / count
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for n in range(count):
            card = 0 if n < long else 1 if serial == 0 and n < SHORT else 2 + n % (CARDS - 2)
            kind = KINDS[n % len(KINDS)]
            amount = random.randrange(100, 30_000) * (1 if kind in ("top_up", "refund") else -1)
            spread = n * count // (long or count) if card == 0 else n * count // SHORT if card == 1 else n
            at = BEGIN + spread * step
            words = (kind, "早餐", "面馆", random.choice(("5812", "5411", "4111")), "CN")
            writer.writerow((numbers[card], f"B{serial + n}", f"{at:%Y-%m-%dT%H:%M:%SZ}", amount, "CNY", n, *words))


def _child(*args: str) -> str:
    command = [sys.executable, "-m", "benchmarks.statement", *args]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def _prepare() -> None:
    from accounts.tests.factories import CardBindingFactory, UserFactory  # noqa: PLC0415 - models, only now
    from cards.models import Programme  # noqa: PLC0415
    from cards.tests.factories import CardFactory  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    programmes = json.loads(Path("demo/programmes.json").read_text("utf-8"))
    bank = Programme.objects.create(**next(p for p in programmes if p["code"] == "bank"))
    user = UserFactory.create(phone="+8613800138042")
    for serial in range(CARDS):
        card = CardFactory.create(programme=bank, number=card_number("bank", serial), state="active")
        if serial < 2:
            CardBindingFactory.create(user=user, card=card)


def _import(path: str) -> None:
    """Import a file; the memory that its processes had at most is looked at on the way."""
    from cards.importing_file import IssuerFile  # noqa: PLC0415
    from cards.models import Programme  # noqa: PLC0415
    from statements.importing import import_transactions  # noqa: PLC0415

    peaks: list[tuple[float, float]] = []

    def look(done: float) -> None:
        if done >= len(peaks) / 10:
            peaks.append((done, _peak()))

    database = _database()
    started, cpu = time.perf_counter(), (os.times(), _on_cpu(database))
    import_transactions(
        file=IssuerFile(Path(path), COLUMNS), programme=Programme.objects.by_code("bank"), progress=look
    )
    seconds, spent = time.perf_counter() - started, (os.times(), _on_cpu(database))
    tenth = next(mib for done, mib in peaks if done >= 0.1)
    told = {
        "seconds": seconds,
        "cpu": [sum(spent[0][:4]) - sum(cpu[0][:4]), spent[1] - cpu[1]],
        "growth": max(mib for _done, mib in peaks) - tenth,
        "memory": peaks,
    }
    print(json.dumps(told))


def _peak() -> float:
    """MiB that this process and the one that reads the file for it have had at most."""
    pids = [os.getpid(), *(child.pid for child in active_children())]
    marks = [re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text()) for pid in pids]
    return sum(int(mark[1]) for mark in marks if mark) / 1024


def _pages() -> None:
    """Ask for each page of both cards in turns: queries and milliseconds of CPU, for others use the machine too."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from accounts.models import CardBinding  # noqa: PLC0415
    from statements.asked import Asked  # noqa: PLC0415
    from statements.statement import place_of, transactions_asked  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    long, short = CardBinding.objects.select_related("card__programme", "user").order_by("pk")
    client = Client(SERVER_NAME="localhost")
    client.force_login(long.user, backend="accounts.backends.OneTimeCodeBackend")
    middle = transactions_asked(long.card, Asked(newest=False)).order_by("-at", "-id")[LONG // 2]
    pages = {
        (name, query): f"/cards/{binding.card_id}/transactions/{query}"
        for query in QUERIES
        for name, binding in (("long", long), ("short", short))
    }
    leafed = f"?month=all&after={place_of(middle)}"
    pages["long", "?month=all, in the middle"] = f"/cards/{long.card_id}/transactions/{leafed}"
    queries = {page: _queries(client, address) for page, address in pages.items()}
    took, database = dict.fromkeys(pages, 0.0), _database()
    for _round in range(ROUNDS):
        for page, address in pages.items():
            before = time.process_time() + _on_cpu(database)
            client.get(address)
            took[page] += time.process_time() + _on_cpu(database) - before
    found: dict[str, dict[str, tuple[int, float]]] = {"long": {}, "short": {}}
    for (name, query), seconds in took.items():
        found[name][query] = queries[name, query], seconds / ROUNDS * 1e3
    print(json.dumps(found))


def _database() -> int:
    """The process that serves this connection."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _on_cpu(pid: int) -> float:
    """Seconds that a process has had a CPU for."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def _queries(client: Any, address: str) -> int:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200 and b"<tbody" in answer.content, address
    return len(captured)


if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit(main())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    logging.disable(logging.INFO)
    if sys.argv[1] == "prepare":
        _prepare()
    elif sys.argv[1] == "import":
        _import(sys.argv[2])
    else:
        _pages()

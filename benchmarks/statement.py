"""A million transactions on PostgreSQL: what importing them holds in memory, what a page costs.

One of the thousand cards has 50,000 of them, one has 50; both statements are asked for the same pages, by the test
client, so that all of the portal but the network is in the figures. The page of the long one is also asked for while
the table holds but a twentieth. Aims: memory that grows by at most 16 MiB over an import of 20,000 rows; as many
queries for both cards, and at most half as much time again for the long one, and for the full table.
"""

import csv
import io
import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import django
from django.core.management import call_command

from demo.generate import card_number
from demo.generate_transactions import COLUMNS
from tests.services.postgres import PostgresServer

CARDS, LONG, SHORT = 1_000, 50_000, 50
SIZES = (50_000, 1_000_000)
"""Rows in the table: the long statement alone, then all."""
BEFORE, ROUNDS = 20_000, 25
AIM_GROWTH, AIM_RATIO = 16, 1.5
BEGIN, MONTHS = datetime(2025, 1, 1, tzinfo=UTC), 12
QUERIES = ("?month=all", "?month=2025-06", "?month=all&show=fee", "?month=all&show=in")
KINDS = ("purchase",) * 15 + ("top_up", "refund", "withdrawal", "transfer", "fee")


def main() -> int:
    """Measure and print; 1 when an aim was missed."""
    server = PostgresServer()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        _write(folder / "small.csv", 0, BEFORE, long=0)
        _write(folder / "long.csv", 1_000_000, SIZES[0], long=LONG)
        _write(folder / "large.csv", 2_000_000, SIZES[1] - SIZES[0] - BEFORE, long=0)
        try:
            os.environ.update(DATABASE_URL=server.start().url, PORTAL_MODE="development")
            _child("prepare")
            _child("import", str(folder / "small.csv"), str(folder / "long.csv"))
            alone = json.loads(_child("pages"))
            told = json.loads(_child("import", str(folder / "small.csv"), str(folder / "large.csv")))
            full = json.loads(_child("pages"))
        finally:
            server.remove()
    return _report(told, alone, full)


def _report(told: dict[str, float], alone: dict[str, Any], full: dict[str, Any]) -> int:
    rows = SIZES[1] - SIZES[0] - BEFORE
    print(f"{SIZES[1]:,} transactions of {CARDS:,} cards; one card has {LONG:,}, one has {SHORT}")
    print(f"  import        {rows / told['seconds']:8,.0f} rows/s, {told['seconds']:.0f} s for {rows:,}")
    print(f"  memory growth {told['growth']:8.1f} MiB over an import of {BEFORE:,} (aim: at most {AIM_GROWTH})")
    missed = told["growth"] > AIM_GROWTH
    print("  page                           queries      short card    long card    long card, table a twentieth")
    for page, (queries, long_ms) in full["long"].items():
        short_queries, short_ms = full["short"].get(page, (queries, None))
        before = alone["long"][page][1]
        beside = f"{short_ms:9.1f} ms" if short_ms else "           -"
        print(f"  {page:30} {short_queries:3} / {queries:3} {beside} {long_ms:9.1f} ms {before:9.1f} ms")
        missed |= queries != short_queries or long_ms > AIM_RATIO * min(before, short_ms or before) + 1
    if missed:
        print("An aim was missed.", file=sys.stderr)
    return int(missed)


def _write(path: Path, serial: int, count: int, *, long: int) -> None:
    """Write a file: `long` rows of the first card, and the others in turn, of which the second card has 50."""
    random = Random(serial)
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
            writer.writerow(
                (card_number("bank", card), f"B{serial + n}", f"{at:%Y-%m-%dT%H:%M:%SZ}", amount, "CNY", n, *words)
            )


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


def _import(small: str, large: str) -> None:
    """Import the small file first, so that all code is loaded, then the large one."""
    silent = io.StringIO()
    call_command("import_transactions", small, programme="bank", stdout=silent)
    before = _peak()
    started = time.perf_counter()
    call_command("import_transactions", large, programme="bank", stdout=silent)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "growth": (_peak() - before) / 1024}))


def _peak() -> int:
    """KiB that this process and the larger of its children had at most."""
    return sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def _pages() -> None:
    """Ask for each page of both cards: queries, and the fewest milliseconds: others use the machine too."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from accounts.models import CardBinding  # noqa: PLC0415
    from statements.asked import Asked  # noqa: PLC0415
    from statements.statement import place_of, transactions_asked  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    bindings = list(CardBinding.objects.select_related("card__programme", "user").order_by("pk"))
    client = Client(SERVER_NAME="localhost")
    client.force_login(bindings[0].user, backend="accounts.backends.OneTimeCodeBackend")
    found: dict[str, dict[str, tuple[int, float]]] = {}
    for name, binding in zip(("long", "short"), bindings, strict=True):
        address = f"/cards/{binding.card_id}/transactions/"
        asked = {query: address + query for query in QUERIES}
        if name == "long":
            middle = transactions_asked(binding.card, Asked(newest=False)).order_by("-at", "-id")[LONG // 2]
            asked["?month=all, in the middle"] = f"{address}?month=all&after={place_of(middle)}"
        found[name] = {query: _cost(client, page) for query, page in asked.items()}
    print(json.dumps(found))


def _cost(client: Any, address: str) -> tuple[int, float]:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200 and b"<tbody" in answer.content, address
    queries = len(captured)  # the next request empties the log
    took = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        client.get(address)
        took.append((time.perf_counter() - started) * 1e3)
    return queries, min(took)


if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit(main())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    logging.disable(logging.INFO)
    if sys.argv[1] == "prepare":
        _prepare()
    elif sys.argv[1] == "import":
        _import(*sys.argv[2:])
    else:
        _pages()

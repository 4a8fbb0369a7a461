"""Import of 100,000 cards on PostgreSQL beside `psql \\copy` of the finished rows into the same indexed table.

Both run in turn on one server, into the emptied table, and the medians are compared. Ours reads a CSV file, checks it
(Luhn, GB 11643, phones, addresses, doubles), encrypts, indexes, and writes an event for each card; `\\copy` puts ready
rows into the cards alone. Aim: at least 0.4 of its speed, and memory that grows by at most 16 MiB.
"""

import csv
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import django
import psycopg
from django.apps import apps
from django.core.management import call_command

from demo.generate import COLUMNS, rows
from tests.services.postgres import PostgresServer

CARDS = 100_000
ROUNDS = 5
AIM_SPEED, AIM_GROWTH = 0.4, 16


def main() -> None:
    """Measure and print."""
    server = PostgresServer(as_in_production=True)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        small, large, finished = (Path(folder) / name for name in ("small.csv", "large.csv", "finished.copy"))
        _write(small, 1_000)
        _write(large, CARDS)
        try:
            server.start()
            _measure(server, small, large, finished)
        finally:
            server.remove()


def _measure(server: PostgresServer, small: Path, large: Path, finished: Path) -> None:
    os.environ.update(DATABASE_URL=server.url, PORTAL_MODE="development")
    with psycopg.connect(server.conninfo, autocommit=True) as connection:
        _child("prepare")
        ours, commands, growths, copies = [], [], [], []
        for _round in range(ROUNDS):
            _empty(connection)
            started = time.perf_counter()
            told = json.loads(_child("import", str(small), str(large)))
            commands.append(time.perf_counter() - started)
            ours.append(told["seconds"])
            growths.append(told["growth"])
            _psql(server, f"\\copy cards_card to '{finished}'")
            _empty(connection)
            copies.append(_timed(server, f"\\copy cards_card from '{finished}'"))
    speed = median(copies) / median(ours)
    print(f"import of {CARDS:,} cards, medians of {ROUNDS} (all: {_all(ours)} and {_all(copies)})")
    print(f"  import_cards  {median(ours):6.2f} s  {CARDS / median(ours):8,.0f} cards/s")
    print(f"  psql \\copy    {median(copies):6.2f} s  {CARDS / median(copies):8,.0f} rows/s")
    print(f"  speed         {speed:6.2f} of \\copy (aim: at least {AIM_SPEED})")
    print(f"  memory growth {max(growths):6.1f} MiB over an import of 1,000 (aim: at most {AIM_GROWTH})")


def _child(*args: str) -> str:
    command = [sys.executable, "-m", "benchmarks.import_cards", *args]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def _psql(server: PostgresServer, command: str) -> None:
    subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", server.conninfo, "-c", command], check=True)


def _timed(server: PostgresServer, command: str) -> float:
    started = time.perf_counter()
    _psql(server, command)
    return time.perf_counter() - started


def _empty(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    connection.execute("TRUNCATE cards_card CASCADE")
    connection.execute("CHECKPOINT")


def _write(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows("bank", count))


def _all(seconds: list[float]) -> str:
    return " ".join(f"{value:.2f}" for value in seconds)


def _prepare() -> None:
    call_command("migrate", verbosity=0)
    programmes = json.loads(Path("demo/programmes.json").read_text("utf-8"))
    apps.get_model("cards", "Programme").objects.create(**next(p for p in programmes if p["code"] == "bank"))


def _import(small: str, large: str) -> None:
    """Import the small file first, so that all code is loaded, then the large one; its cards are among the large's."""
    silent = io.StringIO()
    call_command("import_cards", small, programme="bank", stdout=silent)
    before = _peak()
    started = time.perf_counter()
    call_command("import_cards", large, programme="bank", stdout=silent)
    seconds = time.perf_counter() - started
    growth = (_peak() - before) / 1024
    print(json.dumps({"seconds": seconds, "growth": growth}))


def _peak() -> int:
    """KiB that this process and the larger of its children had at most."""
    return sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


if __name__ == "__main__":
    if sys.argv[1:]:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
        django.setup()
        if sys.argv[1] == "prepare":
            _prepare()
        else:
            _import(*sys.argv[2:])
    else:
        main()

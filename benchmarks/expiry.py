"""What it costs to mark 1 % of all activation codes as expired, beside one bare UPDATE of as many rows.

On a PostgreSQL with fsync on; rows by `generate_series`, without cards. The two take turns, and every turn has stale
codes of its own: those that end in one hour of `ROUNDS`. They lie all over the table, as the worst case has it.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import django
from django.core.management import call_command

from tests.services.postgres import PostgresServer

ROUNDS = 14
TABLE = "activation_activationcode"
AIMS = {1_000_000: 1.25, 10_000_000: 1.5}
FIRST = datetime(2026, 1, 1, tzinfo=UTC)

# 1 in 100 ends in the hour 0, 1 in 100 in the hour 1, and so on; the others, long after.
ROWS = """
    SET session_replication_role = replica; -- no card is looked for
    INSERT INTO activation_activationcode
        (id, card_id, seed, key_id, digits, channel, issued_at, expires_at, card_version)
    SELECT lpad(to_hex(n), 32, '0')::uuid, lpad(to_hex(n), 32, '0')::uuid, '\\x00'::bytea, 'k', 12, 'email',
        %(first)s::timestamptz - interval '1 day',
        %(first)s::timestamptz + CASE WHEN n %% 100 < %(rounds)s THEN n %% 100 ELSE 1000 END * interval '1 hour'
        - n * interval '1 microsecond', 1
    FROM generate_series(1, %(rows)s) AS n;
"""
BARE = """
    UPDATE activation_activationcode SET expired_at = %(at)s
    WHERE consumed_at IS NULL AND superseded_at IS NULL AND revoked_at IS NULL AND expired_at IS NULL
        AND (reserved_until IS NULL OR reserved_until <= %(at)s) AND expires_at <= %(at)s
"""


def measure(rows: int) -> None:
    """Take turns, and print the medians and their ratio."""
    django.setup()
    call_command("migrate", verbosity=0)

    from django.db import connection  # noqa: PLC0415 - after django.setup()

    from activation.tidying import BATCH, mark_expired  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"first": FIRST, "rows": rows, "rounds": ROUNDS})
        for statement in ("SET session_replication_role = DEFAULT", f"VACUUM ANALYZE {TABLE}", "CHECKPOINT"):
            cursor.execute(statement)

        def bare(at: datetime) -> int:
            cursor.execute(BARE, {"at": at})
            return cursor.rowcount

        seconds: dict[str, list[float]] = {"one bare UPDATE": [], "ours": []}
        contenders: list[tuple[str, Callable[[datetime], int]]] = [("one bare UPDATE", bare), ("ours", mark_expired)]
        for turn in range(ROUNDS):
            name, mark = contenders[turn % 2]
            start = time.perf_counter()
            marked = mark(FIRST + timedelta(hours=turn))
            seconds[name].append(time.perf_counter() - start)
            if marked != rows // 100:
                raise SystemExit(f"{name} marked {marked} codes")
            cursor.execute(f"VACUUM {TABLE}")
            cursor.execute("CHECKPOINT")
    print(f"Expiry of {rows // 100:,} of {rows:,} codes on PostgreSQL, {ROUNDS // 2} turns each, medians")
    for name, taken in seconds.items():
        print(f"  {name:16} {statistics.median(taken) * 1e3:8,.0f} ms   (from {min(taken) * 1e3:,.0f})")
    ratio = statistics.median(seconds["ours"]) / statistics.median(seconds["one bare UPDATE"])
    print(f"  ours takes {ratio:.2f} times as long, in batches of {BATCH:,}; aim: at most {AIMS.get(rows, 1.25)}")


def main() -> None:
    """Start a PostgreSQL of its own and measure on it: `python -m benchmarks.expiry [rows]`."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else int(os.environ.get("BENCH_CODES", "1000000"))
    server = PostgresServer(as_in_production=True)
    try:
        server.start()
        os.environ.update(DATABASE_URL=server.url, PORTAL_MODE="development", DJANGO_DEBUG="0", LOG_LEVEL="WARNING")
        os.environ.update(SMS_URL="memory:", EMAIL_URL="memory:")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
        measure(rows)
    finally:
        server.remove()


if __name__ == "__main__":
    main()

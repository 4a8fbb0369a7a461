"""Counting for `/metrics`: how sendings ended and how long they took, since the installation began.

A batch collects in a `TallySheet` and adds it by one upsert after its marks are committed: a mark is a fact that no
counter may undo, and the rows of the tallies, which every worker wants, are locked for one statement only. A worker
that is killed between the two loses a batch's counts, and so does a crash of the database. They are for watching; the
messages are the truth.
"""

from bisect import bisect_left
from collections import defaultdict
from datetime import timedelta

from django.db import connection, transaction

from messaging.models import Tally
from vault.commits import need_no_disk

Key = tuple[str, str, str]
"""Name, gateway, label."""

SENDS = "sends"
OUTCOMES = ("sent", "refused", "unavailable", "dropped", "dead", "delivered", "undelivered")
HAND_OVER = {True: "hand_over_urgent", False: "hand_over_other"}
DELIVERY = "delivery"
SUM = "sum"
BUCKETS = (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 3600, 21600, 86400)
"""Upper bounds in seconds: a code is worth five to ten minutes, a campaign goes out in hours."""
BEYOND = "+Inf"
LABELS = (*(f"{bound:g}" for bound in BUCKETS), BEYOND)


class TallySheet:
    """What one batch has to count. Nothing is counted until `add`."""

    def __init__(self) -> None:
        self.counts: defaultdict[Key, float] = defaultdict(float)

    def outcome(self, gateway: str, outcome: str, count: int = 1) -> None:
        """Count sendings that ended so, one of OUTCOMES; `gateway` is empty where none was asked."""
        self.counts[SENDS, gateway, outcome] += count

    def seconds(self, name: str, gateway: str, took: timedelta) -> None:
        """Put a duration into its bucket; one that a clock set back makes negative counts as none."""
        seconds = max(took.total_seconds(), 0.0)
        self.counts[name, gateway, LABELS[bisect_left(BUCKETS, seconds)]] += 1
        self.counts[name, gateway, SUM] += seconds

    def add(self) -> None:
        """Add everything once the caller's transaction is committed, and begin anew. A failure is only logged."""
        counts, self.counts = dict(self.counts), defaultdict(float)
        if counts:
            transaction.on_commit(lambda: _add(counts), robust=True)


def _add(counts: dict[Key, float]) -> None:
    """One statement. In one order everywhere, or two workers would wait for each other's rows in a circle."""
    rows = sorted(counts.items())
    table = connection.ops.quote_name(Tally._meta.db_table)
    with transaction.atomic(), connection.cursor() as cursor:
        need_no_disk()
        cursor.execute(
            f"INSERT INTO {table} AS t (name, gateway, label, value) "  # noqa: S608
            f"VALUES {', '.join(['(%s, %s, %s, %s)'] * len(rows))} "
            "ON CONFLICT (name, gateway, label) DO UPDATE SET value = t.value + excluded.value",
            [parameter for key, value in rows for parameter in (*key, value)],
        )

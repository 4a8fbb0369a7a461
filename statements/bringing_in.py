"""Bringing transactions in, with all that follows from them: by whichever way they come, file or host."""

from collections.abc import Collection
from typing import NamedTuple

from django.db import connection
from django.db.transaction import atomic

from cards.importing_tables import Packed
from cards.models import Programme
from statements.alerting import raise_alerts
from statements.incoming import hold, not_written
from statements.writing import add_totals, keep_balances, write_transactions


class BroughtIn(NamedTuple):
    """How many transactions are new, and the rows of the others, each with what `not_written` says of it."""

    new: int
    others: list[tuple[int, str]]


def bring_in(programme: Programme, rows: Collection[Packed]) -> BroughtIn:
    """Write what is new of these rows, packed by a `RowPacker`, its sums, balances and alerts: all of it or nothing.

    May be done again, also at the same moment by somebody else: an issuer's id comes in once.
    """
    if not rows:
        return BroughtIn(0, [])
    with atomic():
        if connection.vendor == "postgresql":
            # What a crash of the server takes back is imported again; an import ends with a DROP TABLE, which always
            # commits synchronously, and all that came before with it.
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL synchronous_commit = off")
        hold(rows)
        new = write_transactions(programme)
        if new:
            add_totals()
            keep_balances()
            raise_alerts(programme)
        return BroughtIn(new, [] if new == len(rows) else not_written(programme))

"""Importing an issuer's file of transactions: doubles are looked for first, then its rows come in batch by batch.

What a file holds is known again by the issuer's ids, so an import that was interrupted is simply run again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import IntegrityError, connection
from django.db.transaction import atomic
from django.utils import timezone

from cards import importing_staging as staging
from cards.importing_ahead import ahead
from cards.importing_file import IssuerFile
from cards.importing_reasons import reason
from cards.importing_rows import RowMistake
from cards.models import Card, Programme
from cards.records import RecordMistake
from statements.alerting import raise_alerts
from statements.importing_reasons import REASONS
from statements.importing_rows import ISSUER_ID, Batch, TransactionRow, batches, issuer_ids
from statements.records import COLUMNS, TransactionReader
from statements.writing import (
    NewTransaction,
    existing_transactions,
    is_same,
    new_transaction,
    write_transactions,
)

Progress = Callable[[float], object]
"""Told how far the import is, from 0 to 1."""


@dataclass
class TransactionCounts:
    """How many rows there were of each kind; after a dry run, would be."""

    created: int = 0
    known: int = 0
    rejected: int = 0


def import_transactions(
    *, file: IssuerFile, programme: Programme, dry_run: bool = False, progress: Progress = lambda done: None
) -> TransactionCounts:
    """Import a file's good rows, or only say what would happen.

    `importing_staging` keeps the mistakes, for this connection, until `drop_staging` or the next import. Raises
    FileNotReadable when the file is changed meanwhile.
    """
    reader = TransactionReader(programme, now=timezone.now())
    staging.create_staging()
    for keys in ahead(partial(issuer_ids, file, reader)):
        staging.stage_keys(keys)
    twice = reason(RecordMistake("twice", row="{row}"), REASONS)
    doubles = staging.reject_doubles(field="issuer_id", place=ISSUER_ID, reason=twice)
    run = _Import(programme, dry_run=dry_run, doubles=bool(doubles))
    for batch in ahead(partial(batches, file, reader)):
        run.take(batch)
        progress(batch.done)
    staging.drop_keys()
    run.counts.rejected = staging.count_rejected_rows()
    return run.counts


class _Import:
    """One run through a file, batch by batch."""

    def __init__(self, programme: Programme, *, dry_run: bool, doubles: bool) -> None:
        self._programme = programme
        self._doubles = doubles
        self._dry_run = dry_run
        self._look_first = dry_run
        self.counts = TransactionCounts()

    def take(self, batch: Batch) -> None:
        """Bring in the rows of a batch, and note what cannot be brought in."""
        mistakes = list(batch.mistakes)
        cards = self._cards({row.card_index for row in batch.rows} | {index for _row_no, index in batch.others})
        named = [(row.row_no, row.card_index) for row in batch.rows] + batch.others
        mistakes += [_mistake(row_no, "card_number", "unknown_card") for row_no, index in named if index not in cards]
        rows = [row for row in batch.rows if row.card_index in cards]
        if rows and self._doubles:
            rejected = staging.rejected_among(rows[0].row_no, rows[-1].row_no)
            rows = [row for row in rows if row.row_no not in rejected]
        found = self._insert_new(rows, cards)
        for row in rows:
            if row.record.issuer_id not in found:
                self.counts.created += 1
            elif is_same(found[row.record.issuer_id], cards[row.card_index], row.record):
                self.counts.known += 1
            else:
                mistakes.append(_mistake(row.row_no, "issuer_id", "other_values"))
        if mistakes:
            staging.stage_mistakes([(m.row_no, m.place, m.column, reason(m.mistake, REASONS)) for m in mistakes])

    def _cards(self, indexes: set[str]) -> dict[str, UUID]:
        found = Card.objects.filter(programme=self._programme, number_index__in=[UUID(index) for index in indexes])
        return {index.hex: pk for index, pk in found.values_list("number_index", "pk") if index}

    def _insert_new(self, rows: list[TransactionRow], cards: dict[str, UUID]) -> dict[str, tuple[object, ...]]:
        """Insert the transactions that are new; gives those that are not, by the issuer's id.

        The database decides what is new: another import may be at work. It is asked before only while it keeps finding
        some, so that a first import is not held up by looking for what is not there.
        """
        ids = [row.record.issuer_id for row in rows]
        found = existing_transactions(self._programme, ids) if self._look_first else {}
        while not self._dry_run:
            new = [
                new_transaction(cards[row.card_index], row.record) for row in rows if row.record.issuer_id not in found
            ]
            try:
                bring_in(self._programme, new)
                break
            except IntegrityError:
                known, found = found, existing_transactions(self._programme, ids)
                if found.keys() <= known.keys():
                    raise
        self._look_first = self._dry_run or bool(found)
        return found


def bring_in(programme: Programme, rows: list[NewTransaction]) -> None:
    """Write new transactions with all that follows from them. Raises IntegrityError when one of them exists."""
    if not rows:
        return
    with atomic():
        if connection.vendor == "postgresql":
            # What a crash of the server takes back is imported again; an import ends with a DROP TABLE, which always
            # commits synchronously, and all that came before with it.
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL synchronous_commit = off")
        write_transactions(programme, rows)
        raise_alerts(programme, rows)


def _mistake(row_no: int, column: str, message_id: str) -> RowMistake:
    return RowMistake(row_no, COLUMNS.index(column), column, RecordMistake(message_id))

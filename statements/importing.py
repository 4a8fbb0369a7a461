"""Importing an issuer's file of transactions: doubles are looked for first, then its rows come in batch by batch.

What a file holds is known again by the issuer's ids, so an import that was interrupted is simply run again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db.transaction import atomic
from django.utils import timezone

from cards import importing_staging as staging
from cards.importing_ahead import ahead
from cards.importing_file import IssuerFile
from cards.importing_reasons import reason
from cards.importing_rows import RowMistake
from cards.importing_tables import Packed
from cards.models import Card, Programme
from cards.records import RecordMistake
from statements.bringing_in import bring_in
from statements.importing_reasons import REASONS
from statements.importing_rows import ISSUER_ID, Batch, batches, issuer_ids
from statements.incoming import hold, not_written
from statements.records import COLUMNS, TransactionReader

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
        self.counts = TransactionCounts()

    def take(self, batch: Batch) -> None:
        """Bring in the rows of a batch, and note what cannot be brought in."""
        mistakes = list(batch.mistakes)
        mistakes += [_mistake(row_no, "unknown_card") for row_no in self._unknown(batch.others)]
        rows = batch.rows
        if rows and self._doubles:
            rejected = staging.rejected_among(rows[0].row_no, rows[-1].row_no)
            rows = [row for row in rows if row.row_no not in rejected]
        others = self._bring_in([row.packed for row in rows])
        self.counts.created += len(rows) - len(others)
        for row_no, why in others:
            if why == "known":
                self.counts.known += 1
            else:
                mistakes.append(_mistake(row_no, why))
        if mistakes:
            staging.stage_mistakes([(m.row_no, m.place, m.column, reason(m.mistake, REASONS)) for m in mistakes])

    def _unknown(self, named: list[tuple[int, str]]) -> list[int]:
        """Give those rows, of some that have other mistakes already, whose cards are not of this programme."""
        cards = Card.objects.filter(programme=self._programme, number_index__in=[UUID(index) for _row, index in named])
        known = {index.hex for index in cards.values_list("number_index", flat=True) if index} if named else set()
        return [row_no for row_no, index in named if index not in known]

    def _bring_in(self, rows: list[Packed]) -> list[tuple[int, str]]:
        if not self._dry_run:
            return bring_in(self._programme, rows).others
        with atomic():
            hold(rows)
            return not_written(self._programme)


_COLUMN_OF = {"unknown_card": "card_number", "other_values": "issuer_id"}


def _mistake(row_no: int, why: str) -> RowMistake:
    column = _COLUMN_OF[why]
    return RowMistake(row_no, COLUMNS.index(column), column, RecordMistake(why))

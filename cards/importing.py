"""Importing an issuer's file of cards: its numbers are compared first, then its rows come in by short transactions.

Nothing but the file and the cards is looked at, so an import that was interrupted is simply run again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError
from django.utils import timezone

from cards import importing_replacements as replacements
from cards import importing_staging as staging
from cards.importing_ahead import ahead
from cards.importing_file import IssuerFile
from cards.importing_reasons import REASONS, reason
from cards.importing_rows import Batch, RowMistake, SealedRow, batches, card_numbers
from cards.importing_writing import Change, Existing, cards_for_others, existing_cards, insert_cards, update_cards
from cards.models import Programme
from cards.moves import WAITING
from cards.new_holders import count_left
from cards.records import REPLACES, RecordMistake, RecordReader

Progress = Callable[[float], object]
"""Told how far the import is, from 0 to 1."""


@dataclass
class ImportCounts:
    """How many rows there were of each kind; after a dry run, would be."""

    created: int = 0
    changed: int = 0
    left: int = 0
    """Of those, cards that have left an account, because they are somebody else's now."""
    unchanged: int = 0
    kept: int = 0
    replacing: int = 0
    rejected: int = 0


def import_cards(
    *, file: IssuerFile, programme: Programme, dry_run: bool = False, progress: Progress = lambda done: None
) -> ImportCounts:
    """Import a file's good rows, or only say what would happen.

    `importing_staging` keeps the mistakes and the cards that were left as they are, for this connection, until
    `drop_staging` or the next import. Raises FileNotReadable when the file is changed meanwhile.
    """
    reader = RecordReader(programme, today=timezone.localdate(timezone=ZoneInfo(programme.time_zone)))
    staging.create_staging()
    replacing = file.place_of(REPLACES) is not None
    for numbers, pairs in ahead(partial(card_numbers, file, reader)):
        staging.stage_keys(numbers, with_documents=replacing)
        if pairs:
            replacements.stage(pairs)
    doubles = staging.reject_doubles(field="card_number", place=0, reason=str(REASONS["twice"]) % {"row": "{row}"})
    if replacing:
        doubles += replacements.reject(programme)
    run = _Import(programme, dry_run=dry_run, doubles=bool(doubles))
    for batch in ahead(partial(batches, file, reader)):
        run.take(batch)
        progress(batch.done)
    staging.drop_keys()
    if replacing:
        run.counts.replacing = replacements.count_wanted() if dry_run else replacements.write(programme)
    run.counts.rejected = staging.count_rejected_rows()
    if replacing and not dry_run:
        replacements.note_unwritten()
    return run.counts


class _Import:
    """One run through a file, batch by batch."""

    def __init__(self, programme: Programme, *, dry_run: bool, doubles: bool) -> None:
        self._programme = programme
        self._doubles = doubles
        self._dry_run = dry_run
        self._look_first = dry_run
        self.counts = ImportCounts()

    def take(self, batch: Batch) -> None:
        """Bring in the rows of a batch, and note what cannot be brought in."""
        if batch.mistakes:
            self._note(batch.mistakes)
        rows = batch.rows
        if rows and self._doubles:
            rejected = staging.rejected_among(rows[0].row_no, rows[-1].row_no)
            rows = [row for row in rows if row.row_no not in rejected]
        existing = self._insert_new(rows)
        self.counts.created += len(rows) - len(existing)
        self._compare([row for row in rows if row.number_index in existing], existing)

    def _insert_new(self, rows: list[SealedRow]) -> dict[str, Existing]:
        """Insert the cards that are new; gives those that are not, by the index of their number.

        The database decides what is new: another import may be at work. It is asked before only while it keeps finding
        some, so that a first import is not held up by looking for what is not there.
        """
        existing = existing_cards(rows) if self._look_first else {}
        while not self._dry_run:
            try:
                insert_cards(self._programme, [row for row in rows if row.number_index not in existing])
                break
            except IntegrityError:
                known, existing = existing, existing_cards(rows)
                if existing.keys() <= known.keys():
                    raise
        self._look_first = self._dry_run or bool(existing)
        return existing

    def _compare(self, rows: list[SealedRow], existing: dict[str, Existing]) -> None:
        """Compare rows with the cards that are there: the same, to be changed, to be left alone, or not ours."""
        foreign: list[RowMistake] = []
        kept: list[tuple[int, str]] = []
        changed: list[Change] = []
        for row in rows:
            card = existing[row.number_index]
            if card.programme_id != self._programme.pk:
                foreign.append(RowMistake(row.row_no, 0, "card_number", RecordMistake("other_programme")))
            elif card.record_digest == UUID(row.record_digest):
                self.counts.unchanged += 1
            elif card.state in WAITING:
                changed.append((row, card.id))
            else:
                kept.append((row.row_no, card.state))
        self.counts.kept += len(kept)
        if kept:
            staging.stage_kept(kept)
        if foreign:
            self._note(foreign)
        if changed:
            self._change(changed)

    def _change(self, changed: list[Change]) -> None:
        if self._dry_run:
            updated, left = {card_id for _row, card_id in changed}, count_left(cards_for_others(changed))
        else:
            updated, left = update_cards(changed)
        self.counts.changed += len(updated)
        self.counts.left += left
        # Whoever was quicker than this import, its holder for one, has the card in another state by now.
        if late := [row for row, card_id in changed if card_id not in updated]:
            self._compare(late, existing_cards(late))

    def _note(self, mistakes: list[RowMistake]) -> None:
        staging.stage_mistakes([(m.row_no, m.place, m.column, reason(m.mistake)) for m in mistakes])

"""Importing an issuer's file of cards: every row is checked and staged first, then brought in by short transactions.

Nothing but the file and the cards is looked at, so an import that was interrupted is simply run again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from zoneinfo import ZoneInfo

from django.utils import timezone

from cards import importing_changes as changes
from cards import importing_staging as staging
from cards.importing_file import CardFile, Row
from cards.importing_reasons import REASONS, reason
from cards.importing_rows import rejected_row, staged_row
from cards.mistakes import Mistake
from cards.models import Programme
from cards.records import COLUMNS, RecordNotUnderstood, RecordReader

Progress = Callable[[int, int], None]
"""Told how much is done of how much: bytes while reading, rows while writing."""

AT_ONCE = 2_000
"""Rows that are held in memory, and that one transaction writes: on SQLite nobody else can write meanwhile."""


def _unwatched(done: int, total: int) -> None:
    """Nobody watches the progress."""


@dataclass(frozen=True)
class ImportCounts:
    """How many rows there were of each kind; after a dry run, would be."""

    created: int
    changed: int
    unchanged: int
    kept: int
    rejected: int


def import_cards(
    *,
    file: CardFile,
    programme: Programme,
    dry_run: bool = False,
    reading: Progress = _unwatched,
    writing: Progress = _unwatched,
) -> ImportCounts:
    """Import a file's good rows, or only say what would happen. `importing_staging.staged_mistakes` and
    `importing_changes.kept_cards` tell the rest until the next import on this connection, or `drop_staging`.
    """
    _stage(file, programme, reading)
    staged = staging.count_staged_rows()
    if dry_run:
        existing = changes.count_existing(programme)
        created, changed = staged - existing, changes.count_changed(programme)
    else:
        created = _insert_new(programme, writing)
        changed = changes.update_changed(programme)
    kept = changes.count_kept(programme)
    return ImportCounts(
        created=created,
        changed=changed,
        unchanged=staged - created - changed - kept,
        kept=kept,
        rejected=staging.count_rejected_rows(),
    )


def _stage(file: CardFile, programme: Programme, progress: Progress) -> None:
    """Check every row of the file and stage the good ones and the mistakes."""
    staging.create_staging()
    reader = RecordReader(programme, today=timezone.localdate(timezone=ZoneInfo(programme.time_zone)))
    rows = file.rows()
    mistakes: list[staging.StagedMistake] = []
    while batch := list(islice(rows, AT_ONCE)):
        staging.stage_rows(_checked(batch, file, reader, mistakes))
        staging.stage_mistakes(mistakes)
        mistakes.clear()
        progress(file.position, file.size)
    staging.finish_staging(twice=str(REASONS["twice"]) % {"row": "{row}"})
    staging.reject_cards_of_other_programmes(programme_id=programme.pk, reason=str(REASONS["other_programme"]))


def _insert_new(programme: Programme, progress: Progress) -> int:
    last = staging.last_staged_row()
    created = 0
    for after in range(0, last, AT_ONCE):
        created += changes.insert_new(programme, after=after, up_to=after + AT_ONCE)
        progress(min(after + AT_ONCE, last), last)
    return created


def _checked(
    batch: list[Row], file: CardFile, reader: RecordReader, mistakes: list[staging.StagedMistake]
) -> Iterator[staging.StagedRow]:
    for row in batch:
        try:
            yield staged_row(row.number, reader.read(file.values(row)))
        except Mistake as mistake:
            mistakes.append((row.number, -1, "", reason(mistake)))
        except RecordNotUnderstood as refused:
            if refused.card_number:
                yield rejected_row(row.number, refused.card_number)
            mistakes.extend(
                (row.number, COLUMNS.index(column), column, reason(mistake)) for column, mistake in refused.mistakes
            )

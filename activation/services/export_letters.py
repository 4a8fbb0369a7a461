"""Writing waiting letters into encrypted print files, each letter once."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from uuid import UUID

from cryptography.x509 import Certificate
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from activation.letters import CHUNK, PRINT, PrintFile, drop_late_letters, waiting_letters
from activation.models import ActivationCode
from activation.print_files import Part, left_over, seal, written
from cards.models import Programme
from messaging.models import Message
from messaging.tallies import TallySheet

LETTERS_A_FILE = 20_000  # the whole file is encrypted in memory


@dataclass(frozen=True)
class Exported:
    """A file that came onto the disk: how many letters are in it, and the SHA-256 of it."""

    path: Path
    letters: int
    digest: str


def export_letters(*, programme: Programme, to: Path, certificate: Certificate) -> Generator[Exported, None, None]:
    """Export the programme's waiting letters; yields each file: `to`, then `to` with -2, -3 and so on before its end.

    The order is what makes it once: the whole file is on the disk under a name that nobody takes for it; then, in one
    transaction, its letters are marked; then it gets its name. Interrupted before the commit, the letters still wait
    and the nameless file counts for nothing. Interrupted after it, the file is there, and `finish_interrupted` gives
    it its name. So a file that has its name is counted, and what is counted has a file. The rows are locked meanwhile,
    so two exports at once share no letter. Raises FileExistsError.
    """
    for number in count(1):
        target = to if number == 1 else to.with_stem(f"{to.stem}-{number}")
        if target.exists():
            raise FileExistsError(target)
        exported = _export_file(programme, target, certificate)
        if exported is None:
            return
        yield exported


def finish_interrupted(*, folder: Path) -> tuple[list[Path], list[Path]]:
    """Name the files in the folder whose letters an interrupted export has marked; the others count for nothing."""
    named, unknown = [], []
    for part in left_over(folder):
        if Message.objects.filter(gateway=PRINT, provider_id=part.digest).exists():
            named.append(part.publish())
        else:
            unknown.append(part.path)
    return named, unknown


def reprint_letters(*, digest: str) -> int:
    """Let all letters of a file that was lost wait again, as long as their codes live; how many."""
    expires_at = ActivationCode.objects.filter(pk=OuterRef("subject_id")).values("expires_at")
    printed = Message.objects.filter(gateway=PRINT, provider_id=digest)
    return printed.update(sent_at=None, gateway="", provider_id="", deadline=Subquery(expires_at))


def _export_file(programme: Programme, target: Path, certificate: Certificate) -> Exported | None:
    at = timezone.now()
    drop_late_letters(at)
    with ExitStack() as written_file:
        with transaction.atomic(durable=True):
            file = _locked_letters(programme, at)
            if not file.letters:
                return None
            part: Part = written_file.enter_context(written(target, seal(file.content(), certificate)))
            _mark(file.letters, sent_at=at, gateway=PRINT, provider_id=part.digest)
        part.publish()
    _tally(len(file.letters))
    return Exported(target, len(file.letters), part.digest)


def _locked_letters(programme: Programme, at: datetime) -> PrintFile:
    """The next letters, locked; those that nobody wants any more end here. Without letters: none wait."""
    letters = waiting_letters(at).filter(programme_code=programme.code).order_by("pk")
    locked = letters.select_for_update(skip_locked=True).values_list("pk", flat=True)
    while True:
        file, ids = PrintFile(), list(locked[:LETTERS_A_FILE])
        for chunk in _chunks(ids):
            file.add(list(Message.objects.filter(pk__in=chunk).order_by("pk")), at)
        _mark(file.unwanted, dropped_at=at)
        if file.letters or not ids:
            return file


def _mark(letters: list[UUID], **values: object) -> None:
    for chunk in _chunks(letters):
        Message.objects.waiting().filter(pk__in=chunk).update(**values)


def _chunks(ids: list[UUID]) -> Iterator[list[UUID]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _tally(letters: int) -> None:
    sheet = TallySheet()
    sheet.outcome(PRINT, "sent", letters)
    sheet.add()

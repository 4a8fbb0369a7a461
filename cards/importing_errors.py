"""The rejected rows of a file, written back as they were given, each with its reasons in front."""

import csv
import os
import tempfile
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from cards.importing_encoding import FileNotReadable
from cards.importing_file import REASON, IssuerFile
from cards.importing_staging import StagedMistake


class ErrorsFile:
    """A file that appears under its name when it is complete, in the encoding of the imported one.

    It holds personal data as the imported file does, so only its owner may read it.
    """

    def __init__(self, path: Path, source: IssuerFile) -> None:
        """Make sure that the file can be written, before anything is imported. Raises FileNotReadable."""
        if source.is_at(path):
            raise FileNotReadable(_("Rejected rows cannot be written into the file that is imported."))
        if path.is_dir():
            raise FileNotReadable(_("The file for rejected rows is a directory."))
        self._path, self._source = path, source
        try:
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        except (OSError, ValueError) as cause:
            raise FileNotReadable(_("Rejected rows cannot be written: %(cause)s.") % {"cause": cause}) from cause
        self._temporary = Path(name)
        self._text = os.fdopen(handle, "w", encoding=source.encoding, errors="surrogateescape", newline="")

    def write(self, mistakes: Iterable[StagedMistake]) -> None:
        """Write the rows that have mistakes; these come in the order of the file."""
        with self._text as text:
            _write(text, self._source, mistakes)
        self._temporary.replace(self._path)

    def discard(self) -> None:
        """Leave nothing behind when the file was not written."""
        self._text.close()
        self._temporary.unlink(missing_ok=True)


def _write(text: TextIO, source: IssuerFile, mistakes: Iterable[StagedMistake]) -> None:
    writer = csv.writer(text)
    former = source.reason_place
    writer.writerow([REASON, *_without(source.header, former)])
    rows = source.rows()
    for row_no, of_row in groupby(mistakes, itemgetter(0)):
        row = next(row for row in rows if row.number == row_no)
        reasons = "; ".join(f"{field} {reason}".strip() for _row_no, _place, field, reason in of_row)
        writer.writerow([reasons, *(row.cells if row.mistake else _without(row.cells, former))])


def _without(cells: list[str], place: int | None) -> list[str]:
    return cells if place is None else [*cells[:place], *cells[place + 1 :]]

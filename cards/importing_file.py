"""An issuer's CSV file: its header and its rows, numbered as a spreadsheet numbers them."""

import csv
import io
import os
import stat
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self, TextIO

from django.utils.translation import gettext as _

from cards.importing_encoding import FileNotReadable, detect_encoding
from cards.mistakes import Mistake
from cards.records import RecordMistake

REASON = "reason"
"""The column that a file of rejected rows has in addition; it is not read."""
LONGEST_LINE = 65_536
"""Characters of the longest line that is read. A row of good values has less than a thousand."""
MOST_LINES = 100
"""Lines of the longest row: cells may hold line breaks, but a quotation mark left open must not swallow the file."""


class Row(NamedTuple):
    """A row: its number in a spreadsheet (the header is 1), its cells as they are, what is wrong with all of it."""

    number: int
    cells: list[str]
    mistake: Mistake | None


class IssuerFile:
    """A file that can be read any number of times. `encoding` is how it is read and how its rows are written back."""

    def __init__(self, path: Path, columns: Sequence[str], optional: Sequence[str] = ()) -> None:
        """Look at the file. Raises FileNotReadable, also for a header with missing, doubled or unknown columns."""
        self._path = path
        with self._open() as file:
            self._state = os.fstat(file.fileno())
            self.encoding = detect_encoding(file)
        self.header = next(self.rows(header=True)).cells
        self._pick = _columns(self.header, columns, optional)

    @property
    def done(self) -> float:
        """How much of it has been read since the last start, from 0 to 1."""
        return 1.0 if self._reading.closed else self._reading.tell() / self._state.st_size

    def is_at(self, path: Path) -> bool:
        """Say whether a path leads to this file."""
        return path.exists() and os.path.samestat(path.stat(), self._state)

    def _open(self) -> BinaryIO:
        try:
            file = self._path.open("rb")
        except FileNotFoundError:
            raise FileNotReadable(_("There is no such file.")) from None
        except IsADirectoryError:
            raise FileNotReadable(_("It is a directory. Name a CSV file in it.")) from None
        except (OSError, ValueError) as cause:
            raise FileNotReadable(_("It cannot be opened: %(cause)s.") % {"cause": cause}) from cause
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            raise FileNotReadable(_("It is not a regular file: an import reads its file more than once."))
        return file

    @property
    def reason_place(self) -> int | None:
        """Where the column of an earlier file of rejected rows is."""
        return self.place_of(REASON)

    def place_of(self, column: str) -> int | None:
        """Where a column is that a file may have or not."""
        names = _names(self.header)
        return names.index(column) if column in names else None

    def values(self, row: Row) -> Sequence[str]:
        """Pick the values of a row in the order of the columns. Raises Mistake when the row cannot be taken apart."""
        if row.mistake:
            raise row.mistake
        missing = len(self.header) - len(row.cells)
        if missing > 0 or (missing and any(row.cells[len(self.header) :])):
            raise RecordMistake("cells", n=len(row.cells), m=len(self.header))
        return self._pick(row.cells)

    def rows(self, *, header: bool = False) -> Iterator[Row]:
        """Read from the start, a row at a time, without empty ones; without the header unless told.

        Raises FileNotReadable when the file is not what it was at first.
        """
        with self._open() as file:
            self._reading = file
            if _version(os.fstat(file.fileno())) != _version(self._state):
                raise FileNotReadable(_("The file was changed while it was read. Import it again."))
            text = io.TextIOWrapper(file, self.encoding, errors="surrogateescape", newline="")
            for row in _parse(text):
                if row.number > 1 or header:
                    yield row


def _parse(text: TextIO) -> Iterator[Row]:
    lines = _Lines(text)
    reader = csv.reader(lines, strict=True)
    number = 0
    while True:
        number += 1
        mistake: Mistake | None = None
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            # Only the first line is given up; the ones that were joined to it are read as rows of their own.
            cells, mistake = [lines.give_back().rstrip("\r\n")], RecordMistake("quotes")
        else:
            if lines.cut:
                mistake = RecordMistake("long_line", m=LONGEST_LINE)
        if any(cells):
            yield Row(number, cells, mistake)


class _Lines:
    """The text of one row after the other for `csv.reader`: mostly a line, more where a cell holds line breaks."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self._lines: list[str] = []
        self.cut = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._next_line()
        if not line:
            raise StopIteration
        self._lines = [line]
        return line if '"' not in line else self._whole(line)

    def give_back(self) -> str:
        """Put back all but the first line of the last row; gives that line."""
        self._again.extendleft(reversed(self._lines[1:]))
        return self._lines[0]

    def _whole(self, line: str) -> str:
        """Join lines until every quotation mark is closed. Raises csv.Error where one stays open."""
        marks, length = line.count('"'), len(line)
        while marks % 2 and len(self._lines) < MOST_LINES and length < LONGEST_LINE and (line := self._next_line()):
            self._lines.append(line)
            marks += line.count('"')
            length += len(line)
        if marks % 2:
            raise csv.Error
        return "".join(self._lines)

    def _next_line(self) -> str:
        fresh = not self._again
        line = self._text.readline(LONGEST_LINE) if fresh else self._again.popleft()
        self.cut = len(line) == LONGEST_LINE and line[-1] not in "\r\n"
        rest = line if self.cut and fresh else ""
        while rest and rest[-1] not in "\r\n":
            rest = self._text.readline(LONGEST_LINE)
        return line


def _version(state: os.stat_result) -> tuple[int, int, int]:
    return state.st_ino, state.st_size, state.st_mtime_ns


def _names(header: list[str]) -> list[str]:
    return [name.removeprefix("\ufeff").strip().lower() for name in header]  # GB 18030 may have a byte order mark, too


def _columns(
    header: list[str], columns: Sequence[str], optional: Sequence[str]
) -> Callable[[list[str]], Sequence[str]]:
    names = _names(header)
    problems = {
        _("Missing: %(names)s."): [name for name in columns if name not in names],
        _("More than once: %(names)s."): sorted({name for name in names if name and names.count(name) > 1}),
        _("Unknown: %(names)s."): [name for name in names if name and name not in (*columns, *optional, REASON)],
    }
    found = [sentence % {"names": ", ".join(those)} for sentence, those in problems.items() if those]
    if found:
        found.append(_("The first row must name the columns %(names)s.") % {"names": ", ".join(columns)})
        if optional:
            found.append(_("It may name %(names)s as well.") % {"names": ", ".join(optional)})
        raise FileNotReadable(" ".join(found))
    return itemgetter(*map(names.index, columns))

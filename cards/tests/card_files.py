"""Files of cards for the import's tests, and the import as its command line runs it."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError

from cards.models import Programme
from cards.records import COLUMNS
from cards.tests.factories import ProgrammeFactory, resident_id


def bank() -> Programme:
    """A programme with Luhn digits and two kinds of documents."""
    return ProgrammeFactory(
        code="bank",
        number_length=16,
        number_prefixes=["990001"],
        number_luhn=True,
        id_types=["resident_id", "passport"],
    )


def good(serial: int = 0, **cells: str) -> dict[str, str]:
    """The cells of a good row, another card for each serial; `cells` are put in their place."""
    body = f"990001{serial:09d}"
    row = {
        "card_number": next(body + d for d in "0123456789" if _luhn(body + d)),
        "holder_name": "张小明",
        "id_type": "resident_id",
        "id_number": resident_id(serial),
        "phone": f"138{serial:08d}",
        "email": f"holder{serial}@example.org",
        "language": "zh-hans",
        "expires_on": "2099-12-31",
    }
    return {**row, **cells}


def write(path: Path, *rows: dict[str, str], encoding: str = "utf-8", header: tuple[str, ...] = COLUMNS) -> Path:
    """Write rows to a file."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def change(path: Path, old: str, new: str) -> None:
    """Change the text of a file where `old` stands first, its line ends as they are."""
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())


@dataclass
class Outcome:
    """How the command ended (0 is good), and the lines it wrote."""

    code: int
    lines: list[str]
    error: str

    def count(self, what: str) -> int:
        """The number after a line of the summary that starts with `what`."""
        return int(next(line for line in self.lines if line.startswith(what)).rpartition(" ")[2])

    @property
    def mistakes(self) -> list[str]:
        """What is said of single rows."""
        return [line for line in self.lines if line.startswith("Row ")]


def run(file: Path, programme: str = "bank", *, command: str = "import_cards", **options: Any) -> Outcome:
    """Import a file by its command."""
    out = io.StringIO()
    code, error = 0, ""
    try:
        call_command(command, file, programme=programme, stdout=out, **options)
    except CommandError as refused:
        code, error = refused.returncode, str(refused)
    return Outcome(code, out.getvalue().splitlines(), error)


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0

"""Rejected rows come back as a file: mended, it is the next file to import."""

import csv
import io
import stat
from pathlib import Path

import pytest

from cards.models import Card
from cards.records import COLUMNS
from cards.tests.card_files import bank, change, good, run, write

pytestmark = pytest.mark.django_db


def read(path: Path, encoding: str = "utf-8-sig") -> list[list[str]]:
    """The rows of a file of rejected rows."""
    return list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline="")))


def test_rejected_rows_come_back_as_they_were_with_all_their_reasons(tmp_path: Path) -> None:
    bank()
    formula = good(2, holder_name="=1+1\n\x07", phone=" 138-", email="")
    errors = tmp_path / "errors.csv"
    outcome = run(write(tmp_path / "cards.csv", good(1), formula, good(3)), errors=errors)
    assert outcome.code == 1
    header, row = read(errors)
    assert header == ["reason", *COLUMNS]
    assert row[1:] == list(formula.values())
    reasons = "; ".join(line.removeprefix("Row 3: ") for line in outcome.mistakes)
    assert row[0] == reasons and len(outcome.mistakes) == 2
    assert stat.S_IMODE(errors.stat().st_mode) == 0o600


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_it_has_the_encoding_of_the_imported_file_and_keeps_every_byte(tmp_path: Path, encoding: str) -> None:
    bank()
    path = write(tmp_path / "cards.csv", good(1, holder_name="张BROKEN", phone="?"), encoding=encoding)
    path.write_bytes(path.read_bytes().replace(b"BROKEN", b"\xff\xff"))
    run(path, errors=tmp_path / "errors.csv")
    written = (tmp_path / "errors.csv").read_bytes()
    assert path.read_bytes().splitlines()[1] in written
    assert "张".encode(encoding) + b"\xff\xff" in written


def test_mended_it_can_be_imported_and_rejected_rows_of_it_come_back_again(tmp_path: Path) -> None:
    bank()
    path = write(tmp_path / "cards.csv", good(1), good(2, phone="?"), good(3, phone="?"))
    errors, again = tmp_path / "errors.csv", tmp_path / "again.csv"
    run(path, errors=errors)
    change(errors, "?", good(2)["phone"])
    assert run(errors, errors=again).count("New cards") == 1
    header, row = read(again)
    assert header == ["reason", *COLUMNS] and row[1:] == list(good(3, phone="?").values())
    assert Card.objects.count() == 2


def test_rows_that_are_no_rows_come_back_too(tmp_path: Path) -> None:
    bank()
    path = write(tmp_path / "cards.csv", good(1, holder_name="Name 1"), good(2), good(3, holder_name="Name 3"))
    change(path, "Name 1", '"Name 1')
    change(path, "Name 3", "Name 3,more")
    broken, _good, long = path.read_bytes().decode().splitlines()[1:]
    run(path, errors=tmp_path / "errors.csv")
    _header, first, second = read(tmp_path / "errors.csv")
    assert first[1:] == [broken]
    assert second[1:] == long.split(",")


def test_without_rejected_rows_it_has_a_header_alone(tmp_path: Path) -> None:
    bank()
    errors = tmp_path / "errors.csv"
    errors.write_text("of an earlier import")
    assert run(write(tmp_path / "cards.csv", good(1)), errors=errors).code == 0
    assert read(errors) == [["reason", *COLUMNS]]


def test_where_it_cannot_be_written_nothing_is_imported(tmp_path: Path) -> None:
    bank()
    path = write(tmp_path / "cards.csv", good(1))
    before = path.read_bytes()
    (tmp_path / "link.csv").symlink_to(path)
    for errors in (path, tmp_path / "link.csv", tmp_path, tmp_path / "nowhere/errors.csv", tmp_path / "nul\0"):
        outcome = run(path, errors=errors)
        assert outcome.code == 2 and outcome.error and Card.objects.count() == 0
    assert path.read_bytes() == before
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["cards.csv", "link.csv"]

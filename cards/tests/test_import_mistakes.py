"""Every mistake of a file is told: row, column and reason, never the value."""

from pathlib import Path

import pytest

from cards.models import Card
from cards.tests.card_files import bank, change, good, run, write
from cards.tests.factories import CardFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"card_number": ""}, "card_number is empty"),
        ({"card_number": "99000100000000"}, "card_number must be 16 digits, has 14"),
        ({"card_number": "9900010000000002"}, "card_number has a mistyped digit or is not of this programme"),
        ({"card_number": "6222001234567894"}, "card_number has a mistyped digit or is not of this programme"),
        ({"card_number": "9.90001E+15"}, "card_number was shortened by a spreadsheet: "),
        ({"card_number": "990001\x00000000000"}, "card_number has a mistyped digit or is not of this programme"),
        ({"holder_name": "  "}, "holder_name is empty"),
        ({"holder_name": "明" * 101}, "holder_name is longer than 100 characters"),
        ({"holder_name": "张\n明"}, "holder_name contains a line break or another control character"),
        ({"holder_name": "张\x00明"}, "holder_name contains a line break or another control character"),
        ({"id_type": ""}, "id_type is empty"),
        ({"id_type": "library_card"}, "id_type must be one of: passport, resident_id"),
        ({"id_type": "student_number"}, "id_type must be one of: passport, resident_id"),
        ({"id_number": ""}, "id_number is empty"),
        ({"id_number": "1.10105E+17"}, "id_number was shortened by a spreadsheet: "),
        ({"id_number": "110105194912310"}, "id_number must be 18 characters, has 15"),
        ({"id_number": "110105194912310021"}, "id_number has a mistyped character or an impossible birth date"),
        ({"id_type": "passport", "id_number": "E12"}, "id_number must be 5 to 20 letters or digits"),
        ({"phone": "1380013800"}, "phone is not a mainland mobile number of 11 digits"),
        ({"phone": "+852 12"}, "phone is not a complete number with + and the country or region code"),
        ({"phone": "", "email": ""}, "phone is empty, and so is email: give at least one of them"),
        ({"email": "nobody"}, "email is not an email address"),
        ({"language": ""}, "language must be one of: zh-hans, en"),
        ({"language": "xx"}, "language must be one of: zh-hans, en"),
        ({"expires_on": "next year"}, "expires_on is not a date like 2030-12-31"),
        ({"expires_on": "2030-02-30"}, "expires_on is not a date like 2030-12-31"),
        ({"expires_on": "2020-01-01"}, "expires_on is in the past"),
    ],
)
def test_a_mistake_is_told_by_row_column_and_reason(tmp_path: Path, cells: dict[str, str], told: str) -> None:
    bank()
    outcome = run(write(tmp_path / "cards.csv", good(1), good(2, **cells), good(3)))
    assert outcome.code == 1
    assert len(outcome.mistakes) == 1 and outcome.mistakes[0].startswith(f"Row 3: {told}")
    assert (outcome.count("New cards"), outcome.count("Rejected rows")) == (2, 1)
    assert Card.objects.count() == 2
    for value in cells.values():
        assert len(value) < 8 or value not in "\n".join(outcome.lines)


def test_all_mistakes_of_a_row_are_told_at_once(tmp_path: Path) -> None:
    bank()
    row = dict.fromkeys(good(), "?")
    outcome = run(write(tmp_path / "cards.csv", row))
    columns = [line.removeprefix("Row 2: ").split()[0] for line in outcome.mistakes]
    # Of a document of an unknown kind nothing can be said, and one reason is enough.
    assert columns == [name for name in row if name != "id_number"]
    assert outcome.count("Rejected rows") == 1


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path: Path) -> None:
    bank()
    path = write(tmp_path / "cards.csv", good(1, holder_name="two\nlines"), good(2), good(3, email="?"))
    change(path, good(2)["card_number"], "\r\n,,,,,,,\r\n" + good(2)["card_number"])
    outcome = run(path)
    assert [line.split(":")[0] for line in outcome.mistakes] == ["Row 2", "Row 6"]
    assert Card.objects.count() == 1


def test_a_row_with_too_few_or_too_many_cells_is_told(tmp_path: Path) -> None:
    bank()
    path = write(tmp_path / "cards.csv", good(1), good(2), good(3))
    _header, one, two, three, _end = path.read_bytes().decode().split("\r\n")
    change(path, one, one.rpartition(",")[0])
    change(path, two, two + ",,")
    change(path, three, three + ",more")
    assert run(path).mistakes == [
        "Row 2: has 7 cells where the header has 8",
        "Row 4: has 9 cells where the header has 8",
    ]
    assert Card.objects.count() == 1


def test_an_open_quotation_mark_loses_its_own_row_only(tmp_path: Path) -> None:
    bank()
    path = write(tmp_path / "cards.csv", *(good(n, holder_name=f"Name {n}") for n in range(5)))
    change(path, "Name 1", '"Name 1')
    change(path, "Name 3", '"Na"me 3')
    outcome = run(path)
    reason = "has a quotation mark that is not closed, or text after a closed one"
    assert outcome.mistakes == [f"Row 3: {reason}", f"Row 5: {reason}"]
    assert Card.objects.count() == 3


@pytest.mark.parametrize("row", [0, 1, 149])
def test_a_quotation_mark_that_nothing_closes_loses_its_own_row_only(tmp_path: Path, row: int) -> None:
    bank()
    path = write(tmp_path / "cards.csv", *(good(n, holder_name=f"Name {n}.") for n in range(150)))
    change(path, f"Name {row}.", f'"Name {row}.')
    outcome = run(path)
    assert [line.split(":")[0] for line in outcome.mistakes] == [f"Row {row + 2}"]
    assert Card.objects.count() == 149


def test_a_line_without_end_loses_its_own_row_only(tmp_path: Path) -> None:
    bank()
    path = write(tmp_path / "cards.csv", good(1), good(2, holder_name="x" * 3_000_000), good(3))
    assert run(path).mistakes == ["Row 3: is longer than 65536 characters: is a line break missing?"]
    assert Card.objects.count() == 2


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_undecodable_bytes_are_told_by_their_row(tmp_path: Path, encoding: str) -> None:
    bank()
    rows = [good(1), good(2, holder_name="BROKEN"), good(3, phone="BROKEN"), good(4)]
    path = write(tmp_path / "cards.csv", *rows, encoding=encoding)
    path.write_bytes(path.read_bytes().replace(b"BROKEN", b"a\xff\xff"))
    assert run(path).mistakes == [
        "Row 3: holder_name contains bytes that are not text in the file's encoding",
        "Row 4: phone contains bytes that are not text in the file's encoding",
    ]
    assert {card.holder_name for card in Card.objects.all()} == {"张小明"}


def test_a_card_of_another_programme_is_a_mistake_and_stays_there(tmp_path: Path) -> None:
    programme = bank()
    other = CardFactory(programme=ProgrammeFactory(code="other"), number=good(1)["card_number"])
    for dry_run in (True, False):
        outcome = run(write(tmp_path / "cards.csv", good(1), good(2)), dry_run=dry_run)
        assert outcome.mistakes == ["Row 2: card_number is a card of another programme"]
        assert (outcome.count("New cards"), outcome.count("Rejected rows")) == (1, 1)
    other.refresh_from_db()
    assert (other.programme.code, other.record_version) == ("other", 1)
    assert Card.objects.filter(programme=programme).count() == 1

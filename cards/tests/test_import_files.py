"""Whatever is given for a file: a sentence that says what to do, and nothing imported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cards.management.commands import import_cards
from cards.models import Card
from cards.records import COLUMNS, REPLACES
from cards.tests.card_files import bank, good, run, write

HEADER = ",".join(COLUMNS)
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf\r\n \r\n", "The file is empty."),
        (b"\0" * 5000, "The file is empty."),
        (b"PK\x03\x04" + bytes(range(256)) * 10, "It is a spreadsheet (.xlsx). Save it as “CSV UTF-8”"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "It is a spreadsheet (.xls). Save it as “CSV UTF-8”"),
        (HEADER.encode("utf-16"), "It is in UTF-16. Save it as “CSV UTF-8”"),
        (HEADER.encode("utf-16-le"), "It is not a text file. Save it as “CSV UTF-8”"),
        (b"\x7fELF\x02\x01\x01" + bytes(600), "It is not a text file."),
        (b"\x1f\x8b\x08\x08" + bytes(range(1, 256)) * 10, "It is not a text file. Save it as “CSV UTF-8”"),
        (b"\x89PNG\r\n\x1a\n" + bytes(600), "It is not a text file."),
        (b"card_number\n1\n", "Missing: holder_name, id_type, id_number, phone, email, language, expires_on."),
        (f"{HEADER},phone,Email\n".encode(), "More than once: email, phone."),
        (f"{HEADER},pin,colour\n".encode(), "Unknown: pin, colour."),
        (HEADER.replace(",", ";").encode(), "Missing: card_number"),
        ("卡号,姓名\n".encode("gb18030"), "The first row must name the columns card_number, holder_name"),
        (b'"' + HEADER.encode(), "The first row must name the columns"),
        (b"x" * 500_000, "The first row must name the columns"),
    ],
)
def test_what_is_no_file_of_cards_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    bank()
    path = tmp_path / "cards.csv"
    path.write_bytes(content)
    outcome = run(path)
    assert (outcome.code, outcome.lines) == (2, [])
    assert outcome.error.startswith(f"{path}: ") and told in outcome.error


def test_a_file_with_a_header_alone_brings_nothing(tmp_path: Path) -> None:
    bank()
    outcome = run(write(tmp_path / "cards.csv"))
    assert (outcome.code, outcome.count("New cards"), outcome.mistakes) == (0, 0, [])


def test_what_cannot_be_opened_is_told(tmp_path: Path) -> None:
    bank()
    os.mkfifo(tmp_path / "pipe")
    for path, told in {
        tmp_path: "It is a directory.",
        tmp_path / "nowhere.csv": "There is no such file.",
        tmp_path / "nul\0.csv": "It cannot be opened:",
        Path("/dev/null"): "It is not a regular file",
    }.items():
        outcome = run(path)
        assert outcome.code == 2 and told in outcome.error


def test_an_unknown_programme_is_told_with_those_that_exist(tmp_path: Path) -> None:
    bank()
    outcome = run(write(tmp_path / "cards.csv", good()), "banc")
    assert (outcome.code, outcome.error) == (2, "There is no programme “banc”. There are: bank.")


def test_without_any_programme_it_is_told_where_one_is_made(tmp_path: Path) -> None:
    told = "There is no programme yet. Add “bank” in the administration first, under Programmes."
    outcome = run(write(tmp_path / "cards.csv", good()))
    assert (outcome.code, outcome.error) == (2, told)


def test_the_help_names_every_column() -> None:
    words = " ".join(import_cards.Command().create_parser("manage.py", "import_cards").format_help().split())
    assert f"{', '.join(COLUMNS)}. It may name besides: {REPLACES}." in words


def test_a_file_that_changes_while_it_is_read_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bank()
    path = write(tmp_path / "cards.csv", good(1))

    def change_it(**_reason: str) -> None:
        write(path, good(1), good(2))

    monkeypatch.setattr("cards.importing_staging.reject_doubles", change_it)
    outcome = run(path)
    assert (outcome.code, Card.objects.count()) == (2, 0)
    assert "The file was changed while it was read." in outcome.error


def test_the_command_line_ends_without_a_traceback(tmp_path: Path) -> None:
    for args in ([], [str(tmp_path)], [str(tmp_path), "--programme", "nothing"], [str(tmp_path), "--programme"]):
        command = [sys.executable, "manage.py", "import_cards", *args]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode in (1, 2)
        assert done.stderr and "Traceback" not in done.stderr

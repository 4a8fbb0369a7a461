"""The demo's files are real: made by their generator, taken whole by the import's own checks."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from cards.importing_file import IssuerFile
from cards.models import Programme
from cards.records import COLUMNS, RecordReader
from demo import generate

DEMO = Path(generate.__file__).parent
PROGRAMMES = {given["code"]: Programme(**given) for given in json.loads((DEMO / "programmes.json").read_text("utf-8"))}


def test_there_are_four_programmes_and_at_least_200_cards() -> None:
    assert tuple(PROGRAMMES) == generate.PROGRAMMES
    assert sum(1 for code in PROGRAMMES for _ in IssuerFile(DEMO / f"cards/{code}.csv", COLUMNS).rows()) >= 200


@pytest.mark.parametrize("code", generate.PROGRAMMES)
def test_every_row_is_one_that_an_import_takes(code: str) -> None:
    file = IssuerFile(DEMO / f"cards/{code}.csv", COLUMNS)
    reader = RecordReader(PROGRAMMES[code], today=date(2026, 11, 24))
    records = [reader.read(file.values(row)) for row in file.rows()]
    assert len({record.card_number for record in records}) == generate.CARDS_EACH
    assert {record.language for record in records} == {"zh-hans", "en"}
    reached = Counter((bool(record.phone), bool(record.email)) for record in records)
    assert set(reached) == {(True, True), (True, False), (False, True)}
    assert all(record.email.endswith("@example.org") for record in records if record.email)
    assert all(record.phone.startswith("+861380013") for record in records if record.phone)


@pytest.mark.parametrize("code", generate.PROGRAMMES)
def test_the_committed_files_are_what_the_generator_writes(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generate, "CARDS", tmp_path)
    generate.main()
    assert (tmp_path / f"{code}.csv").read_bytes() == (DEMO / f"cards/{code}.csv").read_bytes()


@pytest.mark.django_db
@pytest.mark.parametrize("code", generate.PROGRAMMES)
def test_every_programme_is_one_that_the_admin_would_take(code: str) -> None:
    PROGRAMMES[code].full_clean()


@pytest.mark.parametrize("code", generate.PROGRAMMES)
def test_white_text_is_readable_on_every_brand_colour(code: str) -> None:
    def channel(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (channel(part) for part in bytes.fromhex(PROGRAMMES[code].brand_colour[1:]))
    assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 4.5

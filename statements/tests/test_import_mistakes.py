"""Every mistake of a file of transactions is told: row, column and reason, never the value."""

import csv
from pathlib import Path
from typing import Any

import pytest

from cards.tests.factories import CardFactory, ProgrammeFactory
from statements.models import Transaction
from statements.records import COLUMNS
from statements.tests.transaction_files import bank_card, imported, paid, run, write

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"card_number": ""}, "card_number is empty"),
        ({"card_number": "9.90001E+15"}, "card_number was shortened by a spreadsheet: "),
        ({"card_number": "9900010000000002"}, "card_number has a mistyped digit or is not of this programme"),
        ({"card_number": paid(card=77)["card_number"]}, "card_number is not a card of this programme"),
        ({"issuer_id": ""}, "issuer_id is empty"),
        ({"issuer_id": "a b"}, "issuer_id must be 1 to 64 letters, digits or one of . _ : -"),
        ({"issuer_id": "x" * 65}, "issuer_id must be 1 to 64 letters, digits or one of . _ : -"),
        ({"at": ""}, "at is not a moment like 2026-11-22 20:15:00"),
        ({"at": "2026-02-30 10:00"}, "at is not a moment like 2026-11-22 20:15:00"),
        ({"at": "2026-02-03"}, "at is not a moment like 2026-11-22 20:15:00"),
        ({"at": "2199-01-01 00:00"}, "at is in the future"),
        ({"amount_minor": ""}, "amount_minor is empty"),
        ({"amount_minor": "0"}, "amount_minor must be a whole number of the currency's smallest unit"),
        ({"amount_minor": "-126.50"}, "amount_minor must be a whole number of the currency's smallest unit"),
        ({"amount_minor": "1e3"}, "amount_minor must be a whole number of the currency's smallest unit"),
        ({"amount_minor": "1" * 16}, "amount_minor must be a whole number of the currency's smallest unit"),
        ({"amount_minor": "１２"}, "amount_minor must be a whole number of the currency's smallest unit"),
        ({"currency": ""}, "currency is empty"),
        ({"currency": "RMB"}, "currency is not a currency code like CNY"),
        ({"balance_minor": "1.5"}, "balance_minor must be a whole number of the currency's smallest unit, or empty"),
        ({"kind": "gift"}, "kind must be one of: fee, interest, other, purchase, refund, top_up, transfer, with"),
        ({"description": "明" * 141}, "description is longer than 140 characters"),
        ({"description": "a\nb"}, "description contains a line break or another control character"),
        ({"merchant_name": "x" * 101}, "merchant_name is longer than 100 characters"),
        ({"merchant_category": "58"}, "merchant_category must be a merchant category code of 4 digits, or empty"),
        ({"country": "XX"}, "country must be a country or region code of 2 letters, or empty"),
    ],
)
def test_a_mistake_is_told_by_row_column_and_reason(tmp_path: Path, cells: dict[str, Any], told: str) -> None:
    bank_card()
    outcome = run(write(tmp_path / "t.csv", paid(1), paid(2, **cells), paid(3)))
    assert outcome.code == 1
    assert len(outcome.mistakes) == 1 and outcome.mistakes[0].startswith(f"Row 3: {told}")
    assert (outcome.count("New transactions"), outcome.count("Rejected rows")) == (2, 1)
    assert Transaction.objects.count() == 2
    for value in cells.values():
        assert len(value) < 8 or value not in "\n".join(outcome.lines)


def test_all_mistakes_of_a_row_are_told_at_once_an_unknown_card_too(tmp_path: Path) -> None:
    bank_card()
    outcome = run(write(tmp_path / "t.csv", paid(2, card=77, currency="?", kind="", country="?")))
    told = [line.removeprefix("Row 2: ").split()[0] for line in outcome.mistakes]
    assert told == ["card_number", "currency", "kind", "country"]
    assert outcome.count("Rejected rows") == 1


def test_a_card_of_another_programme_is_an_unknown_one(tmp_path: Path) -> None:
    bank_card()
    CardFactory.create(programme=ProgrammeFactory(code="other"), number=paid(card=5)["card_number"])
    outcome = run(write(tmp_path / "t.csv", paid(1, card=5)))
    assert outcome.mistakes == ["Row 2: card_number is not a card of this programme"]


def test_an_id_that_is_twice_in_the_file_rejects_both_rows(tmp_path: Path) -> None:
    bank_card()
    outcome = run(write(tmp_path / "t.csv", paid(1), paid(2), paid(1, amount_minor="-1")))
    assert outcome.mistakes == [
        "Row 2: issuer_id is more than once in this file, first in row 2",
        "Row 4: issuer_id is more than once in this file, first in row 2",
    ]
    assert [row.issuer_id for row in Transaction.objects.all()] == ["T00000002"]


def test_rejected_rows_come_back_as_they_were_and_mended_they_are_the_next_file(tmp_path: Path) -> None:
    bank_card()
    errors = tmp_path / "errors.csv"
    run(write(tmp_path / "t.csv", paid(1), paid(2, amount_minor="-1.5")), errors=errors)
    text = errors.read_text("utf-8-sig")
    header, row = csv.reader(text.splitlines())
    assert header == ["reason", *COLUMNS]
    assert row[1:] == list(paid(2, amount_minor="-1.5").values())
    errors.write_text(text.replace("-1.5", "-150"), "utf-8")
    assert run(errors).count("New transactions") == 1


def test_a_file_of_cards_is_not_one_of_transactions(tmp_path: Path) -> None:
    bank_card()
    outcome = run(write(tmp_path / "t.csv", paid(1)), "nobody")
    assert (outcome.code, outcome.error[:25]) == (2, "There is no programme “no")
    (tmp_path / "cards.csv").write_text("card_number,holder_name\n1,2\n")
    outcome = run(tmp_path / "cards.csv")
    assert outcome.code == 2
    assert "Missing: issuer_id, at, amount_minor" in outcome.error and "Unknown: holder_name." in outcome.error


def test_good_rows_after_bad_ones_come_in(tmp_path: Path) -> None:
    bank_card()
    outcome = run(write(tmp_path / "t.csv", *(paid(n, currency="?" if n % 2 else "CNY") for n in range(2_500))))
    assert (outcome.count("New transactions"), outcome.count("Rejected rows")) == (1_250, 1_250)
    imported(tmp_path, *(paid(n) for n in range(2_500)))
    assert Transaction.objects.count() == 2_500

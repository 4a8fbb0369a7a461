"""Files of transactions for tests, and their import as its command line runs it."""

from pathlib import Path
from typing import Any

from cards.models import Card
from cards.tests import card_files
from cards.tests.card_files import Outcome
from cards.tests.factories import CardFactory
from statements.records import COLUMNS


def bank_card(serial: int = 0) -> Card:
    """An active card of the bank."""
    card: Card = CardFactory.create(
        programme=card_files.bank(), number=card_files.good(serial)["card_number"], state="active"
    )
    return card


def paid(serial: int = 0, card: int = 0, **cells: str) -> dict[str, str]:
    """The cells of a good row, another transaction for each serial; `cells` are put in their place."""
    row = {
        "card_number": card_files.good(card)["card_number"],
        "issuer_id": f"T{serial:08d}",
        "at": f"2026-03-{serial % 28 + 1:02d} 12:30:{serial % 60:02d}",
        "amount_minor": "-12650",
        "currency": "CNY",
        "balance_minor": "",
        "kind": "purchase",
        "description": "午餐",
        "merchant_name": "面馆",
        "merchant_category": "5812",
        "country": "CN",
    }
    return {**row, **cells}


def write(path: Path, *rows: dict[str, str], encoding: str = "utf-8") -> Path:
    """Write rows to a file."""
    return card_files.write(path, *rows, encoding=encoding, header=COLUMNS)


def run(file: Path, programme: str = "bank", **options: Any) -> Outcome:
    """Import a file by its command."""
    return card_files.run(file, programme, command="import_transactions", **options)


def imported(folder: Path, *rows: dict[str, str]) -> Outcome:
    """Import rows, all of them good."""
    outcome = run(write(folder / "transactions.csv", *rows))
    assert outcome.code == 0, outcome
    return outcome

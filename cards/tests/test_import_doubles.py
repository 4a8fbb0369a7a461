"""A card number that is in a file twice is a mistake of both rows: nobody can say which of them is right."""

from pathlib import Path

import pytest

from cards.importing_rows import AT_ONCE
from cards.models import Card
from cards.tests.card_files import Outcome, bank, good, run, write

pytestmark = pytest.mark.django_db
REASON = "card_number is more than once in this file, first in row"


def import_doubles(folder: Path) -> Outcome:
    """Import a file with doubles next to each other, far apart, spelled otherwise, and one in a rejected row."""
    rows = [good(n) for n in range(AT_ONCE + 10)]
    rows[1] = good(0, holder_name="Other")
    rows[-1] = good(5, card_number=" ".join(good(5)["card_number"]))
    rows[-2] = good(6, phone="?")
    return run(write(folder / "cards.csv", *rows))


def test_all_rows_of_a_double_are_rejected_wherever_they_are(tmp_path: Path) -> None:
    bank()
    outcome = import_doubles(tmp_path)
    last = AT_ONCE + 11
    assert outcome.mistakes == [
        f"Row 2: {REASON} 2",
        f"Row 3: {REASON} 2",
        f"Row 7: {REASON} 7",
        f"Row 8: {REASON} 8",
        f"Row {last - 1}: {REASON} 8",
        f"Row {last - 1}: phone is not a mainland mobile number of 11 digits",
        f"Row {last}: {REASON} 7",
    ]
    assert (outcome.count("Rejected rows"), outcome.count("New cards")) == (6, AT_ONCE + 10 - 6)
    assert not {good(n)["card_number"] for n in (0, 5, 6)} & {card.number for card in Card.objects.all()}


def test_without_comparing_the_numbers_first_a_double_gets_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the protection taken away, the test above must see it."""
    bank()
    monkeypatch.setattr("cards.importing_staging.reject_doubles", lambda **_reason: None)
    outcome = import_doubles(tmp_path)
    assert outcome.code != 0 and not [line for line in outcome.mistakes if REASON in line]


def test_a_number_three_times_is_a_mistake_of_all_three(tmp_path: Path) -> None:
    bank()
    outcome = run(write(tmp_path / "cards.csv", good(1), good(1), good(2), good(1)), dry_run=True)
    assert outcome.mistakes == [f"Row {row}: {REASON} 2" for row in (2, 3, 5)]


def test_a_double_of_an_imported_card_changes_nothing(tmp_path: Path) -> None:
    bank()
    run(write(tmp_path / "cards.csv", good(1)))
    outcome = run(write(tmp_path / "cards.csv", good(1, language="en"), good(1)))
    assert (outcome.count("Changed cards"), outcome.count("Rejected rows")) == (0, 2)
    assert Card.objects.get().language == "zh-hans"

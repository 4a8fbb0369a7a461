"""Files with the column `replaces` after others: what is written down is no mistake, and a row has one reason."""

from pathlib import Path

import pytest

from cards.models import Card
from cards.tests.card_files import bank, run
from cards.tests.factories import CardFactory, ProgrammeFactory, resident_id
from cards.tests.replacing import NAMED, good, imported, number, pairs

pytestmark = pytest.mark.django_db
THEIRS = {"id_number": resident_id(7)}
HAS_ANOTHER = "replaces has another new card already"
TAKES_ANOTHER = "replaces is not the card whose place this one takes already"
TWICE = "replaces is in more than one row of this file, first in row 2"
SAME_CARD = "card_number is more than once in this file, first in row 2"
UNKNOWN = "replaces is no card of this programme, and none of this file"

AGAIN: dict[str, tuple[list[dict[str, str]], list[str], int]] = {
    "as it was": ([good(1), good(2, replaces=number(1))], [], 2),
    "with another row that names the same card": (
        [good(2, replaces=number(1)), good(9, replaces=number(1))],
        [f"Row 3: {HAS_ANOTHER}"],
        1,
    ),
    "with a row twice": (
        [good(2, replaces=number(1)), good(2, replaces=number(1))],
        [f"Row 2: {SAME_CARD}", f"Row 3: {SAME_CARD}"],
        0,
    ),
    "with two new ones and one of them twice": (
        [good(8, replaces=number(3)), good(9, replaces=number(3)), good(8, replaces=number(3))],
        [f"Row 2: {SAME_CARD}", f"Row 2: {TWICE}", f"Row 3: {TWICE}", f"Row 4: {SAME_CARD}", f"Row 4: {TWICE}"],
        0,
    ),
    "with two pairs crossed": (
        [good(2, replaces=number(6)), good(5, replaces=number(1))],
        [f"Row 2: {HAS_ANOTHER}", f"Row 3: {HAS_ANOTHER}"],
        0,
    ),
    "for somebody else": (
        [good(9, replaces=number(1), **THEIRS), good(2, replaces=number(3), **THEIRS)],
        [f"Row 2: {HAS_ANOTHER}", f"Row 3: {TAKES_ANOTHER}"],
        0,
    ),
    "with an unknown card twice": (
        [good(8, replaces=number(40)), good(9, replaces=number(40))],
        [f"Row 2: {UNKNOWN}", f"Row 3: {UNKNOWN}"],
        0,
    ),
    "with cards of another programme": (
        [good(8, replaces=number(50)), good(51, replaces=number(3))],
        [f"Row 2: {UNKNOWN}", "Row 3: card_number is a card of another programme"],
        0,
    ),
}
"""What is imported after the first file, what is said of its rows, and how many of its cards are as they were."""


@pytest.fixture
def _first_file(tmp_path: Path) -> None:
    """Card 2 takes the place of 1 and 5 that of 6; in another programme 51 takes that of 50."""
    bank()
    other = ProgrammeFactory(code="other")
    taking = CardFactory.create(programme=other, number=number(51))
    CardFactory.create(programme=other, number=number(50), replaced_by=taking)
    imported(tmp_path, good(1), good(2, replaces=number(1)), good(3), good(5, replaces=number(6)), good(6))


@pytest.mark.usefixtures("_first_file")
@pytest.mark.parametrize("dry_run", [True, False])
def test_what_is_written_down_is_no_mistake_and_a_column_has_one_reason_a_row(tmp_path: Path, dry_run: bool) -> None:
    before = pairs()
    for how, (rows, mistakes, unchanged) in AGAIN.items():
        outcome = imported(tmp_path, *rows, dry_run=dry_run)
        assert outcome.mistakes == mistakes, how
        rejected = len({mistake.partition(":")[0] for mistake in mistakes})
        counts = [outcome.count(what) for what in ("New cards", "Changed cards", "Unchanged cards", "Rejected rows")]
        assert counts == [0, 0, unchanged, rejected], how
        assert not [line for line in outcome.lines if NAMED in line], how
    assert pairs() == before
    assert Card.objects.count() == 7


def test_a_replacement_whose_old_card_was_rejected_is_told_and_comes_in_with_the_file_of_rejected_rows(
    tmp_path: Path,
) -> None:
    bank()
    rejected, again = tmp_path / "rejected.csv", tmp_path / "again.csv"
    outcome = imported(tmp_path, good(1, phone="1"), good(2, replaces=number(1)), errors=rejected)
    assert [line.partition(" (")[0] for line in outcome.mistakes] == [
        "Row 2: phone is not a mainland mobile number of 11 digits",
        "Row 3: replaces could not be written down",
    ]
    assert (outcome.count("New cards"), outcome.count("Rejected rows"), pairs()) == (1, 1, {})
    again.write_text(rejected.read_text().replace(",1,", f",{good(1)['phone']},", 1))
    outcome = run(again)
    assert (outcome.code, outcome.mistakes) == (0, [])
    assert (outcome.count("New cards"), outcome.count("Unchanged cards"), outcome.count(NAMED)) == (1, 1, 1)
    assert pairs() == {number(1): number(2)}

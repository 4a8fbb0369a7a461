"""The column `replaces`: an issuer's file says whose place a new card takes."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cards import importing_replacements
from cards import importing_staging as staging
from cards.dimensions import State
from cards.importing_tables import packer
from cards.models import Card, CardEvent, Programme
from cards.tests.card_files import bank
from cards.tests.factories import CardFactory, ProgrammeFactory, resident_id
from cards.tests.replacing import NAMED, activate, good, imported, number, pairs
from vault.tests.concurrency import while_uncommitted

in_both = pytest.mark.django_db


@in_both
def test_a_new_card_takes_the_place_of_one_that_is_there_and_again_changes_nothing(tmp_path: Path) -> None:
    bank()
    imported(tmp_path, good(1), good(2))
    grouped = " ".join((number(1)[:8], number(1)[8:]))
    for again in range(2):
        outcome = imported(tmp_path, good(3, replaces=grouped), good(4))
        assert (outcome.code, outcome.mistakes) == (0, [])
        assert [line for line in outcome.lines if NAMED in line] == ([] if again else [f"{NAMED}: 1"])
    assert pairs() == {number(1): number(3)}
    event = CardEvent.objects.get(kind="replacement_named")
    assert (event.card.number, event.actor_kind, event.actor_id) == (number(1), "issuer", "import")


@in_both
def test_both_may_be_in_one_file_in_any_order_and_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank()
    monkeypatch.setattr("cards.importing_rows.AT_ONCE", 2)
    monkeypatch.setattr("cards.importing_replacements.AT_ONCE", 1)
    rows = [good(2, replaces=number(1)), good(4), good(3, replaces=number(2)), good(1)]
    assert imported(tmp_path, *rows).count(NAMED) == 2
    assert pairs() == {number(1): number(2), number(2): number(3)}


@in_both
def test_one_statement_names_the_replacements_of_many_rows(tmp_path: Path) -> None:
    bank()
    imported(tmp_path, *map(good, range(20)))
    with CaptureQueriesContext(connection) as captured:
        outcome = imported(tmp_path, *(good(100 + n, replaces=number(n)) for n in range(20)))
    assert outcome.count(NAMED) == 20 and pairs() == {number(n): number(100 + n) for n in range(20)}
    naming = [query["sql"] for query in captured if "UPDATE" in query["sql"] and "replaced_by_id" in query["sql"]]
    assert len([sql for sql in naming if "SET replaced_by_id" in sql or 'SET "replaced_by_id"' in sql]) == 1
    assert CardEvent.objects.filter(kind="replacement_named").count() == 20


@in_both
def test_every_mistake_is_told_by_row_and_column_and_its_row_stays_out(tmp_path: Path) -> None:
    programme = bank()
    foreign = CardFactory.create(programme=ProgrammeFactory(code="other"), number=number(50))
    imported(tmp_path, *map(good, range(1, 5)), good(9, replaces=number(4)))
    outcome = imported(
        tmp_path,
        good(10, replaces=number(77)),
        good(11, replaces=foreign.number),
        good(12, replaces=number(1)),
        good(13, replaces=number(1)),
        good(14, replaces=number(14)),
        good(15, replaces="99", phone="1"),
        good(16, replaces=number(4)),
        good(9, replaces=number(2)),
        good(17, replaces="9.9E+15"),
        good(18, replaces=number(3)),
    )
    unknown = "replaces is no card of this programme, and none of this file"
    assert outcome.mistakes == [
        f"Row 2: {unknown}",
        f"Row 3: {unknown}",
        "Row 4: replaces is in more than one row of this file, first in row 4",
        "Row 5: replaces is in more than one row of this file, first in row 4",
        "Row 6: replaces is the card of this row itself",
        "Row 7: phone is not a mainland mobile number of 11 digits",
        "Row 7: replaces must be 16 digits, has 2",
        "Row 8: replaces has another new card already",
        "Row 9: replaces is not the card whose place this one takes already",
        "Row 10: replaces was shortened by a spreadsheet: format the column as text and fill it in again",
    ]
    assert (outcome.count("New cards"), outcome.count(NAMED), outcome.count("Rejected rows")) == (1, 1, 9)
    assert pairs() == {number(4): number(9), number(3): number(18)}
    assert Card.objects.filter(programme=programme).count() == 6


@in_both
def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    bank()
    imported(tmp_path, good(1))
    outcome = imported(tmp_path, good(2, replaces=number(1)), good(3, replaces=number(77)), dry_run=True)
    assert (outcome.count(NAMED), outcome.count("Rejected rows")) == (1, 1)
    assert (pairs(), Card.objects.count()) == ({}, 1)


ANOTHER_PERSON = "replaces is registered for another identity document than this row, so it is not the same person's"


@in_both
@pytest.mark.parametrize("dry_run", [True, False])
def test_a_card_takes_the_place_of_one_of_the_same_document_only(tmp_path: Path, dry_run: bool) -> None:
    """Held to what both will be registered for when the rows are in: a row changes a card that waits, and no other."""
    bank()
    theirs, passport = {"id_number": resident_id(7)}, {"id_type": "passport", "id_number": "E12345678"}
    imported(tmp_path, *map(good, range(1, 5)), good(5, **passport), good(6), good(7), good(8))
    for used in (3, 7, 8):
        activate(Card.objects.get(number_tail=number(used)[-4:]))
    outcome = imported(
        tmp_path,
        good(11, replaces=number(1), **theirs),
        good(12, replaces=number(20)),
        good(20, **theirs),
        good(13, replaces=number(2), **theirs),
        good(2, **theirs),
        good(14, replaces=number(3), **theirs),
        good(3, **theirs),
        good(15, replaces=number(5)),
        good(16, replaces=number(6), **{**theirs, "id_number": "1"}),
        good(7, replaces=number(4), **theirs),
        good(21, replaces=number(8), **theirs),
        dry_run=dry_run,
    )
    kept = "has changed, but the card stays as it is. Its state: Active"
    assert outcome.mistakes == [
        f"Row 2: {ANOTHER_PERSON}",
        f"Row 3: {ANOTHER_PERSON}",
        f"Row 7: {ANOTHER_PERSON}",
        f"Row 9: {ANOTHER_PERSON}",
        "Row 10: id_number must be 18 characters, has 1",
        f"Row 12: {ANOTHER_PERSON}",
        f"Row 8: {kept}",
        f"Row 11: {kept}",
    ]
    assert (outcome.count(NAMED), outcome.count("New cards")) == (2, 2)
    assert pairs() == ({} if dry_run else {number(2): number(13), number(4): number(7)})


@in_both
def test_documents_that_differ_after_all_when_it_is_written_down_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else has changed the old card since the file was looked at."""
    bank()
    imported(tmp_path, good(1))
    write_down = importing_replacements.write

    def after_another(programme: Programme) -> int:
        card = Card.objects.get(number_tail=number(1)[-4:])
        card.id_number = resident_id(9)
        card.save()
        return write_down(programme)

    monkeypatch.setattr(importing_replacements, "write", after_another)
    outcome = imported(tmp_path, good(2, replaces=number(1)))
    assert (outcome.count("New cards"), outcome.count("Rejected rows"), pairs()) == (1, 0, {})


@in_both
def test_the_place_of_a_card_that_is_in_use_already_is_taken_at_once(tmp_path: Path) -> None:
    bank()
    imported(tmp_path, good(1), good(2))
    old, new = (Card.objects.get(number_tail=number(serial)[-4:]) for serial in (1, 2))
    activate(new)
    imported(tmp_path, good(2, replaces=number(1)))
    old.refresh_from_db()
    assert (old.state, old.replaced_by_id) == (State.TERMINATED, new.pk)


@in_both
def test_an_import_cut_off_before_it_writes_them_down_is_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank()
    imported(tmp_path, good(1))

    def cut_off(*_args: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(importing_replacements, "write", cut_off)
        assert imported(tmp_path, good(2, replaces=number(1))).code == 130
    assert (Card.objects.count(), pairs()) == (2, {})
    outcome = imported(tmp_path, good(2, replaces=number(1)))
    assert (outcome.count("Unchanged cards"), outcome.count(NAMED)) == (1, 1)
    assert pairs() == {number(1): number(2)}


def named_while_activated() -> Card:
    """The old card, after the new one was activated and an import, which did not wait with its rows, named it."""
    programme = bank()
    old, new = (
        CardFactory.create(programme=programme, number=number(serial), id_number=resident_id(0)) for serial in (1, 2)
    )

    def name() -> int:
        staging.create_staging()
        importing_replacements.stage([packer()((2, str(new.number_index), str(old.number_index)))])
        importing_replacements.reject(programme)
        return importing_replacements.write(programme)

    assert while_uncommitted(lambda: activate(new), name) == 1
    old.refresh_from_db()
    assert old.replaced_by_id == new.pk
    return old


@pytest.mark.django_db(transaction=True)
def test_named_while_the_new_card_is_activated_the_old_one_still_ends(postgres: str) -> None:
    assert named_while_activated().state == State.TERMINATED


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_on_the_new_card_both_would_live(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin looks at the new card without waiting for whoever activates it."""
    monkeypatch.setattr("django.db.models.QuerySet.select_for_update", lambda cards: cards)
    assert named_while_activated().state == State.PENDING_ACTIVATION

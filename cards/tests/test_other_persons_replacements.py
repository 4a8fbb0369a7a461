"""Of two cards named for one person, one is registered for somebody else: then none takes the other's place."""

from pathlib import Path
from typing import Any

import pytest

from cards.dimensions import ActorKind, State
from cards.models import Card, CardEvent
from cards.tests.card_files import bank, run, write
from cards.tests.factories import resident_id
from cards.tests.replacing import activate, good, imported, number, pairs
from vault.tests.concurrency import while_uncommitted

THEIRS = {"id_number": resident_id(7)}
OLD, NEW = 1, 2
in_both = pytest.mark.django_db


def later(folder: Path, *rows: dict[str, str]) -> Any:
    """Import a file without the column."""
    return run(write(folder / "later.csv", *rows))


def card(serial: int) -> Card:
    return Card.objects.get(number_tail=number(serial)[-4:])


def named(folder: Path) -> None:
    """A card that waits, and the one that is named to take its place."""
    bank()
    imported(folder, good(OLD), good(NEW, replaces=number(OLD)))
    assert pairs() == {number(OLD): number(NEW)}


LATER: list[tuple[dict[int, dict[str, str]], bool]] = [
    ({NEW: THEIRS}, False),
    ({OLD: THEIRS}, False),
    ({OLD: {"id_type": "passport", "id_number": "E12345678"}}, False),
    ({OLD: THEIRS, NEW: THEIRS}, True),
    ({NEW: {"holder_name": "张晓明", "phone": "13900139000"}}, True),
]
"""What a later file says of each pair, and whether it stays one."""


@in_both
def test_a_card_of_somebody_else_takes_no_cards_place(tmp_path: Path) -> None:
    bank()
    of_pair = [{OLD: 10 * n + OLD, NEW: 10 * n + NEW} for n in range(len(LATER))]
    for_one = [good(at[NEW], replaces=number(at[OLD])) for at in of_pair]
    imported(tmp_path, *(good(at[OLD]) for at in of_pair), *for_one)
    assert len(pairs()) == len(LATER)
    changed = [
        good(at[which], **cells)
        for at, (whose, _stays) in zip(of_pair, LATER, strict=True)
        for which, cells in whose.items()
    ]
    assert later(tmp_path, *changed).code == 0
    for at, (whose, stays) in zip(of_pair, LATER, strict=True):
        old, new = card(at[OLD]), card(at[NEW])
        assert (old.replaced_by_id == new.pk) == stays, whose
        activate(new)
        assert card(at[OLD]).state == (State.TERMINATED if stays else State.PENDING_ACTIVATION), whose
        events = CardEvent.objects.filter(card=old, kind="replacement_unnamed")
        told = [(one.actor_kind, one.actor_id, one.reason, one.reference) for one in events]
        by_the_issuer = (ActorKind.ISSUER, "import", "other_document", new.number_tail)
        assert told == ([] if stays else [by_the_issuer]), whose


@in_both
def test_were_it_not_taken_back_the_card_of_the_first_would_be_closed_for_the_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin."""
    monkeypatch.setattr("cards.importing_writing.unname_other_persons", lambda *_ids, **_by: None)
    named(tmp_path)
    later(tmp_path, good(NEW, **THEIRS))
    activate(card(NEW))
    assert card(OLD).state == State.TERMINATED


@in_both
def test_of_a_card_that_is_not_there_yet_nothing_is_kept_that_a_later_file_could_meet(tmp_path: Path) -> None:
    """Its own row was rejected; who it is for is known when it comes."""
    bank()
    imported(tmp_path, good(OLD, phone="1"), good(NEW, replaces=number(OLD)))
    later(tmp_path, good(OLD, **THEIRS))
    assert pairs() == {}
    activate(card(NEW))
    assert card(OLD).state == State.PENDING_ACTIVATION


def state_of_old_activated_while_registered_for_another(folder: Path) -> State:
    """Of the old card, when the new one was activated while a file registered the old one for somebody else."""
    named(folder)
    new = card(NEW)
    while_uncommitted(lambda: later(folder, good(OLD, **THEIRS)), lambda: activate(new))
    old = card(OLD)
    assert old.id_number == THEIRS["id_number"]
    return State(old.state)


@pytest.mark.django_db(transaction=True)
def test_registered_for_another_while_the_new_one_is_activated_it_stays_open(postgres: str, tmp_path: Path) -> None:
    assert state_of_old_activated_while_registered_for_another(tmp_path) == State.PENDING_ACTIVATION


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_on_the_old_card_it_would_be_closed(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin looks which card is to end without waiting for whoever changes it."""
    monkeypatch.setattr("django.db.models.QuerySet.select_for_update", lambda cards: cards)
    assert state_of_old_activated_while_registered_for_another(tmp_path) == State.TERMINATED

"""A file is imported again, as it was or changed."""

from pathlib import Path

import pytest

from cards.dimensions import State
from cards.models import Card, CardEvent
from cards.tests.card_files import bank, good, run, write
from vault.blind_index import blind_index

pytestmark = pytest.mark.django_db
WAITING = [State.PENDING_FULFILMENT, State.PENDING_ACTIVATION]


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    bank()
    path = write(tmp_path / "cards.csv", *map(good, range(5)))
    run(path)
    before, events = list(Card.objects.order_by("pk").values()), list(CardEvent.objects.values())
    outcome = run(path)
    assert (outcome.code, outcome.count("Unchanged cards"), outcome.count("New cards")) == (0, 5, 0)
    assert list(map(str, Card.objects.order_by("pk").values())) == list(map(str, before))
    assert list(CardEvent.objects.values()) == events


def test_another_spelling_of_the_same_record_is_no_change(tmp_path: Path) -> None:
    bank()
    row = good(1)
    run(write(tmp_path / "cards.csv", row))
    spelled = {"phone": f"+86 {row['phone']}", "email": row["email"].upper(), "expires_on": "2099/12/31"}
    assert run(write(tmp_path / "cards.csv", {**row, **spelled})).count("Unchanged cards") == 1
    assert Card.objects.get().record_version == 1


@pytest.mark.parametrize("state", WAITING)
@pytest.mark.parametrize(
    "cells",
    [
        {"holder_name": "李四"},
        {"id_type": "passport", "id_number": "E12345678"},
        {"phone": "13900139000"},
        {"phone": ""},
        {"email": "other@example.org"},
        {"language": "en"},
        {"expires_on": ""},
    ],
)
def test_a_changed_row_changes_the_waiting_card_and_ends_its_codes(
    tmp_path: Path, state: State, cells: dict[str, str]
) -> None:
    bank()
    run(write(tmp_path / "cards.csv", good(1), good(2)))
    Card.objects.update(state=state)
    before = Card.objects.get(number_index=blind_index("card_number", good(1)["card_number"]))
    outcome = run(write(tmp_path / "cards.csv", good(1, **cells), good(2)))
    assert (outcome.code, outcome.count("Changed cards"), outcome.count("Unchanged cards")) == (0, 1, 1)
    card = Card.objects.get(pk=before.pk)
    assert (card.record_version, card.state, card.number) == (2, state, good(1)["card_number"])
    row = good(1, **cells)
    assert (card.holder_name, card.id_type, card.id_number) == (row["holder_name"], row["id_type"], row["id_number"])
    assert card.phone == (f"+86{row['phone']}" if row["phone"] else "")
    assert (card.email, card.language) == (row["email"], row["language"])
    assert str(card.expires_on or "") == row["expires_on"]
    assert (card.phone_index is None) == (row["phone"] == "")
    assert card.id_number_index == blind_index("id_number", row["id_number"])
    assert card.updated_at > before.updated_at
    events = CardEvent.objects.filter(kind="record_changed").values_list("card_id", "actor_kind")
    assert list(events) == [(card.pk, "issuer")]


@pytest.mark.parametrize("state", sorted(set(State) - set(WAITING)))
def test_a_card_that_waits_no_more_is_never_changed_and_that_is_said(tmp_path: Path, state: State) -> None:
    bank()
    run(write(tmp_path / "cards.csv", good(1), good(2)))
    card = Card.objects.get(number_index=blind_index("card_number", good(1)["card_number"]))
    moments = {"activated_at": card.created_at, "terminated_at": card.created_at if state == "terminated" else None}
    Card.objects.filter(pk=card.pk).update(state=state, **moments)
    before = Card.objects.filter(pk=card.pk).values().get()
    for dry_run in (True, False):
        outcome = run(write(tmp_path / "cards.csv", good(1, phone="13900139000"), good(2)), dry_run=dry_run)
        assert (outcome.code, outcome.count("Cards left as they are"), outcome.count("Changed cards")) == (0, 1, 0)
        said = f"Row 2: has changed, but the card stays as it is. Its state: {state.label}"
        assert outcome.mistakes == [said]
    assert str(Card.objects.filter(pk=card.pk).values().get()) == str(before)
    assert not CardEvent.objects.filter(kind="record_changed").exists()


def test_changes_beyond_one_page_are_all_made(tmp_path: Path) -> None:
    bank()
    run(write(tmp_path / "cards.csv", *map(good, range(1200))))
    changed = [good(n, language="en") for n in range(1200)]
    assert run(write(tmp_path / "cards.csv", *changed), dry_run=True).count("Changed cards") == 1200
    assert run(write(tmp_path / "cards.csv", *changed)).count("Changed cards") == 1200
    assert Card.objects.filter(language="en", record_version=2).count() == 1200
    assert CardEvent.objects.filter(kind="record_changed").count() == 1200


def test_a_card_missing_from_a_later_file_stays(tmp_path: Path) -> None:
    bank()
    run(write(tmp_path / "cards.csv", good(1), good(2)))
    run(write(tmp_path / "cards.csv", good(2)))
    assert Card.objects.count() == 2

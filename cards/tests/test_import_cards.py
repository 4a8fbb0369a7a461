"""An issuer's file goes in."""

from datetime import date
from pathlib import Path

import pytest

from cards.dimensions import State
from cards.models import Card, CardEvent
from cards.tests.card_files import bank, change, good, run, write
from cards.tests.factories import ProgrammeFactory
from vault.blind_index import blind_index

pytestmark = pytest.mark.django_db


def test_a_row_becomes_a_card_whose_every_value_can_be_read_and_found(tmp_path: Path) -> None:
    programme = bank()
    row = good(7, holder_name="𠮷田·\uf9d1", language="en", expires_on="2099/1/2", phone="+852 5123 4567")
    outcome = run(write(tmp_path / "cards.csv", row))
    assert (outcome.code, outcome.count("New cards"), outcome.mistakes) == (0, 1, [])
    card = Card.objects.get()
    assert card.programme == programme
    assert (card.number, card.holder_name, card.id_type) == (row["card_number"], "𠮷田·\uf9d1", "resident_id")
    assert (card.id_number, card.phone, card.email) == (row["id_number"], "+85251234567", "holder7@example.org")
    assert (card.language, card.expires_on) == ("en", date(2099, 1, 2))
    assert (card.number_tail, card.id_number_tail) == (row["card_number"][-4:], row["id_number"][-4:])
    assert card.number_index == blind_index("card_number", row["card_number"])
    assert card.id_number_index == blind_index("id_number", row["id_number"])
    assert card.phone_index == blind_index("phone", "+85251234567")
    assert card.email_index == blind_index("email", "holder7@example.org")
    assert (card.state, card.record_version, card.pin_status) == (State.PENDING_ACTIVATION, 1, "not_set")
    card.full_clean()


def test_an_imported_card_is_like_one_that_is_saved(tmp_path: Path) -> None:
    bank()
    run(write(tmp_path / "cards.csv", good()))
    card = Card.objects.get()
    before = Card.objects.values().get()
    card.save()
    after = Card.objects.values().get()
    assert {name: str(value) for name, value in before.items()} == {name: str(value) for name, value in after.items()}


def test_each_new_card_has_one_event_that_names_the_issuer(tmp_path: Path) -> None:
    bank()
    run(write(tmp_path / "cards.csv", *map(good, range(3))))
    events = CardEvent.objects.values_list("card_id", "kind", "from_state", "to_state", "actor_kind", "channel")
    expected = {
        (card, "imported", "", "pending_activation", "issuer", "SYSTEM")
        for card in Card.objects.values_list("pk", flat=True)
    }
    assert set(events) == expected and len(events) == 3


def test_a_phone_or_an_email_address_is_enough(tmp_path: Path) -> None:
    bank()
    outcome = run(write(tmp_path / "cards.csv", good(1, phone=""), good(2, email=""), good(3, expires_on="")))
    assert outcome.code == 0
    given = {(card.phone, card.email, card.expires_on) for card in Card.objects.all()}
    day = date(2099, 12, 31)
    assert given == {
        ("", good(1)["email"], day),
        ("+86" + good(2)["phone"], "", day),
        ("+86" + good(3)["phone"], good(3)["email"], None),
    }
    assert [card.phone_index for card in Card.objects.all() if not card.phone] == [None]


def test_people_of_one_contact_can_hold_many_cards(tmp_path: Path) -> None:
    bank()
    same = {key: good(1)[key] for key in ("id_number", "phone", "email")}
    assert run(write(tmp_path / "cards.csv", *(good(n, **same) for n in range(3)))).count("New cards") == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_both_encodings_of_chinese_spreadsheets_are_told_apart(tmp_path: Path, encoding: str) -> None:
    bank()
    names = ["张小明", "𠮷野", "㐀㐁", "é"]
    rows = [good(n, holder_name=name) for n, name in enumerate(names)]
    path = write(tmp_path / "cards.csv", *rows, encoding=encoding)
    assert run(path).code == 0
    assert {card.holder_name for card in Card.objects.all()} == set(names)
    if encoding == "gb18030":
        path.write_bytes("\ufeff".encode(encoding) + path.read_bytes())
        assert run(path).code == 0


def test_columns_may_come_in_any_order(tmp_path: Path) -> None:
    bank()
    header = tuple(sorted(good()))
    path = write(tmp_path / "cards.csv", good(), header=header)
    change(path, "card_number", " Card_Number ")
    assert run(path).code == 0
    assert Card.objects.get().number == good()["card_number"]


def test_a_dry_run_says_what_would_happen_and_writes_nothing(tmp_path: Path) -> None:
    bank()
    path = write(tmp_path / "cards.csv", good(1), good(2), good(3, phone="12"))
    outcome = run(path, dry_run=True)
    assert (outcome.code, outcome.count("New cards"), outcome.count("Rejected rows")) == (1, 2, 1)
    assert "Nothing was written" in outcome.lines[1]
    assert Card.objects.count() == CardEvent.objects.count() == 0


def test_an_esim_is_allocated_to_its_holder(tmp_path: Path) -> None:
    ProgrammeFactory(code="esim", kind="esim", number_prefixes=["99"], number_luhn=True)
    assert run(write(tmp_path / "cards.csv", good()), "esim").code == 0
    assert Card.objects.get().profile == "allocated"


def test_nothing_personal_lies_readable_in_the_row(tmp_path: Path) -> None:
    bank()
    row = good(holder_name="王二小")
    run(write(tmp_path / "cards.csv", row))
    stored = b"".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for value in Card.objects.values_list().get()
    )
    for name in ("card_number", "holder_name", "id_number", "phone", "email"):
        assert row[name].encode() not in stored

import pytest
from django.db import IntegrityError, connection, transaction

from cards.dimensions import Channel, State
from cards.models import Card
from cards.models.card import Contact
from cards.models.tail_field import tail_of
from cards.tests.factories import CardFactory
from vault.blind_index import blind_index

pytestmark = pytest.mark.django_db


def test_a_card_is_found_by_its_exact_number_and_by_its_contacts() -> None:
    card = CardFactory.create(number="6200123412342604", phone="+8613800138000", email="ming@example.com")
    CardFactory.create()
    for column, kind, value in (
        ("number_index", "card_number", "6200123412342604"),
        ("phone_index", "phone", "+8613800138000"),
        ("email_index", "email", "ming@example.com"),
        ("id_number_index", "id_number", card.id_number),
    ):
        assert Card.objects.get(**{column: blind_index(kind, value)}) == card


def test_nothing_personal_lies_readable_in_the_row() -> None:
    card = CardFactory.create(number="6200123412342604", phone="+8613800138000", email="ming@example.com")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cards_card")
        row = cursor.fetchone()
    stored = b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in map(_plain, row))
    for secret in ("6200123412342604", "13800138000", "ming@", "王小明", card.id_number, card.id_number[6:14]):
        assert secret.encode() not in stored
    assert b"2604" in stored


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def test_tails_follow_the_values_and_tell_little_of_short_ones() -> None:
    card = CardFactory.create(number="6200123412342604", id_number="11010519491231002X")
    assert (card.number_tail, card.id_number_tail) == ("2604", "002X")
    card.number = "6200123412349999"
    card.save()
    assert Card.objects.get(pk=card.pk).number_tail == "9999"
    assert [tail_of(value) for value in ("", "1", "12", "12345", "1234567", "12345678")] == [
        "",
        "",
        "2",
        "45",
        "567",
        "5678",
    ]


def test_contacts_are_listed_phone_first() -> None:
    both = CardFactory.create(phone="+8613800138000", email="ming@example.com")
    assert both.registered_contacts() == [
        Contact(Channel.SMS, "+8613800138000", blind_index("phone", "+8613800138000")),
        Contact(Channel.EMAIL, "ming@example.com", blind_index("email", "ming@example.com")),
    ]
    assert [contact.channel for contact in CardFactory.create(phone="").registered_contacts()] == [Channel.EMAIL]
    with pytest.raises(IntegrityError), transaction.atomic():
        CardFactory.create(phone="", email="")


def test_a_card_number_is_registered_once_in_the_installation() -> None:
    CardFactory.create(number="6200123412342604")
    with pytest.raises(IntegrityError), transaction.atomic():
        CardFactory.create(number="6200123412342604")


def test_waiting_cards_are_those_that_can_be_activated() -> None:
    waiting = CardFactory.create()
    for state in (State.PENDING_FULFILMENT, State.ACTIVATING, State.ACTIVE, State.TERMINATED):
        CardFactory.create(state=state)
    assert list(Card.objects.waiting()) == [waiting]

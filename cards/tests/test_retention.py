"""Document numbers go 30 days after the activation, events after seven years; what is found by them stays."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cards.dimensions import State, Via
from cards.events import Actor, record_event
from cards.models import Card, CardEvent
from cards.models.card_event import EventKind
from cards.retention import EVENTS_KEPT, ID_NUMBER_KEPT
from cards.tasks import forget_events, forget_id_numbers
from cards.tests.factories import CardFactory
from vault.blind_index import blind_index
from vault.ids import first_id, new_id
from vault.tests.concurrency import at_once

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def activated(age: timedelta, **values: Any) -> Card:
    return CardFactory.create(state=State.ACTIVE, activated_at=timezone.now() - age, **values)


def test_the_number_is_forgotten_after_30_days_and_still_found_and_compared_by_its_index() -> None:
    old = activated(ID_NUMBER_KEPT + MINUTE)
    number, old_tail = old.id_number, old.id_number_tail
    young, waiting = activated(ID_NUMBER_KEPT - MINUTE), CardFactory.create()
    assert (forget_id_numbers(), forget_id_numbers()) == (1, 0)
    old.refresh_from_db()
    assert (old.id_number, old.id_number_tail) == ("", old_tail)
    assert old_tail == number[-4:]
    assert Card.objects.get(id_number_index=blind_index("id_number", number)) == old
    for card in (young, waiting):
        assert Card.objects.get(pk=card.pk).id_number == card.id_number


def test_saving_a_card_without_its_number_leaves_index_and_tail() -> None:
    number = activated(ID_NUMBER_KEPT + MINUTE).id_number
    forget_id_numbers()
    card = Card.objects.get()
    card.language = "en"
    card.save()
    assert Card.objects.get(id_number_index=blind_index("id_number", number)).id_number_tail == number[-4:]


def test_a_card_that_was_never_activated_cannot_lose_its_number() -> None:
    card = CardFactory.create()
    with pytest.raises(IntegrityError, match="card_id_number_until_activated"), transaction.atomic():
        Card.objects.filter(pk=card.pk).update(id_number=None)


def event(age: timedelta, card: Card, event_id: Any = None) -> CardEvent:
    """An event that was written so long ago."""
    at = timezone.now() - age
    written = record_event(card_id=card.pk, kind=EventKind.CODE_ISSUED, actor=Actor.issuer(), channel=Via.API)
    CardEvent.objects.filter(pk=written.pk).update(id=event_id or id_at(at), at=at)
    return written


def id_at(at: datetime) -> Any:
    """An id as it would have been made then."""
    made = new_id()
    return type(made)(int=(first_id(at).int >> 80 << 80) | (made.int & ((1 << 80) - 1)))


def test_events_are_deleted_after_seven_years_and_the_card_stays() -> None:
    card = CardFactory.create()
    event(EVENTS_KEPT + MINUTE, card)
    event(EVENTS_KEPT + timedelta(days=400), card)
    event(EVENTS_KEPT - MINUTE, card)
    event(MINUTE, card)
    assert (forget_events(), forget_events()) == (2, 0)
    assert CardEvent.objects.filter(card=card).count() == 2


def test_an_event_is_as_old_as_it_says_and_not_as_its_id() -> None:
    event(MINUTE, CardFactory.create(), id_at(timezone.now() - EVENTS_KEPT - timedelta(days=9)))
    assert forget_events() == 0


def test_the_first_id_of_a_moment_lies_between_those_before_and_after() -> None:
    before = new_id()
    assert first_id(timezone.now() - MINUTE) < before < first_id(timezone.now() + MINUTE)


@pytest.mark.django_db(transaction=True)
def test_three_beats_at_once_forget_each_number_once(postgres: str) -> None:
    for _number in range(30):
        activated(ID_NUMBER_KEPT + MINUTE)
    assert sum(at_once(3, lambda number: forget_id_numbers())) == 30
    assert not Card.objects.filter(id_number__isnull=False).exists()

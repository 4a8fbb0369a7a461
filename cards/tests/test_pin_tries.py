"""Wrong PINs in a row lock the PIN, as the programme says, at any speed."""

import importlib
from threading import Barrier
from typing import Any

import pytest
from django.db.models import F

from cards import pins
from cards.dimensions import PinStatus, State, Via
from cards.events import Actor
from cards.models import Card, CardEvent
from cards.pin_tries import PinTry, try_pin
from cards.tests.factories import CardFactory, ProgrammeFactory
from vault.tests.concurrency import at_once

PIN, WRONG = "739146", "820537"
HOLDER = Actor.cardholder("1")
TOLD = list[CardEvent]()


def card_with_pin(tries: int = 3, **columns: Any) -> Card:
    ProgrammeFactory.create(pin_tries=tries)
    card: Card = CardFactory.create(**{"state": State.ACTIVE, **columns})
    pins.choose_pin(card_id=card.pk, pin=PIN)
    pins.adopt_pin(card_id=card.pk)
    return card


def tried(card: Card, pin: str) -> PinTry:
    return try_pin(card_id=card.pk, pin=pin, actor=HOLDER, channel=Via.WEB, when_locked=TOLD.append)


def status(card: Card) -> tuple[str, int]:
    card.refresh_from_db()
    return card.pin_status, card.wrong_pins


@pytest.mark.django_db
@pytest.mark.parametrize("tries", [3, 5])
def test_so_many_wrong_pins_as_the_programme_says_lock_it(tries: int) -> None:
    card = card_with_pin(tries)
    assert [tried(card, WRONG).left for _try in range(tries)] == list(reversed(range(tries)))
    assert status(card) == (PinStatus.BLOCKED, tries)
    assert tried(card, PIN) == PinTry(right=False, left=0)
    assert CardEvent.objects.filter(card=card, kind="pin_locked").count() == 1


@pytest.mark.django_db
def test_a_right_pin_ends_the_count() -> None:
    card = card_with_pin()
    for _round in range(3):
        tried(card, WRONG)
        tried(card, WRONG)
        assert tried(card, PIN).right
        assert status(card) == (PinStatus.OK, 0)


@pytest.mark.django_db
def test_a_try_that_was_cut_off_after_its_count_locks_all_the_same() -> None:
    card = card_with_pin()
    Card.objects.filter(pk=card.pk).update(wrong_pins=3)
    assert tried(card, PIN) == PinTry(right=False, left=0)
    assert status(card) == (PinStatus.BLOCKED, 3)


@pytest.mark.django_db
def test_a_new_pin_unlocks() -> None:
    card = card_with_pin()
    for _try in range(3):
        tried(card, WRONG)
    pins.choose_pin(card_id=card.pk, pin=WRONG)
    pins.adopt_pin(card_id=card.pk)
    assert status(card) == (PinStatus.OK, 0)
    assert tried(card, WRONG).right


@pytest.mark.django_db
def test_the_pin_of_a_frozen_card_is_not_tried() -> None:
    card = card_with_pin()
    Card.objects.filter(pk=card.pk).update(state=State.SUSPENDED)
    assert not tried(card, PIN).right
    assert status(card) == (PinStatus.OK, 0)


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every comparison with the card's PIN."""
    seen: list[str] = []
    check = pins.check_pin

    def noted(*, card_id: Any, pin: str) -> bool:
        seen.append(pin)
        return check(card_id=card_id, pin=pin)

    monkeypatch.setattr(pins, "check_pin", noted)
    return seen


@pytest.mark.django_db(transaction=True)
def test_40_wrong_pins_at_once_are_looked_at_three_times(postgres: str, looked_at: list[str]) -> None:
    card = card_with_pin()
    at_once(40, lambda _n: tried(card, WRONG))
    assert len(looked_at) == 3
    assert status(card) == (PinStatus.BLOCKED, 3)
    assert CardEvent.objects.filter(card=card, kind="pin_locked").count() == 1


@pytest.mark.django_db(transaction=True)
def test_counting_after_looking_would_look_more_often(postgres: str, looked_at: list[str]) -> None:
    card = card_with_pin()
    module = importlib.import_module("cards.pin_tries")
    all_have_asked = Barrier(40)

    def look_then_count(_number: int) -> None:
        may_look = Card.objects.filter(pk=card.pk, wrong_pins__lt=3).exists()
        all_have_asked.wait(timeout=30)
        if may_look and not module.pins.check_pin(card_id=card.pk, pin=WRONG):
            Card.objects.filter(pk=card.pk).update(wrong_pins=F("wrong_pins") + 1)

    at_once(40, look_then_count)
    assert len(looked_at) == 40

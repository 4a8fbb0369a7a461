"""What only a server with many connections can show. Each protection has a naive twin that must fail."""

from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError

from cards.dimensions import State, Via
from cards.events import Actor, record_event
from cards.models import Card, CardEvent, Pin
from cards.models.card_event import EventKind
from cards.pins import adopt_pin, check_pin, choose_pin
from cards.states import move
from cards.tests.factories import CardFactory
from vault.tests.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)

HOLDER = Actor.cardholder("a1")


def test_of_forty_moves_at_once_one_happens_and_writes_one_event(postgres: str) -> None:
    card = CardFactory.create(state=State.PENDING_ACTIVATION)
    how: dict[str, Any] = {
        "card_id": card.pk,
        "to": State.ACTIVATING,
        "actor": HOLDER,
        "channel": Via.WEB,
        "reason": "submitted",
    }
    assert sorted(at_once(40, lambda _n: move(**how))) == [False] * 39 + [True]
    assert CardEvent.objects.filter(card=card).count() == 1


def test_read_then_write_would_move_it_more_than_once(postgres: str) -> None:
    card = CardFactory.create(state=State.PENDING_ACTIVATION)
    all_have_looked = Barrier(40)

    def naive(_number: int) -> bool:
        read = Card.objects.get(pk=card.pk)
        all_have_looked.wait(timeout=30)
        if read.state != State.PENDING_ACTIVATION:
            return False
        read.state = State.ACTIVATING
        read.save(update_fields=["state"])
        record_event(
            card_id=card.pk,
            kind=EventKind.MOVED,
            actor=HOLDER,
            channel=Via.WEB,
            from_state=State.PENDING_ACTIVATION,
            to_state=State.ACTIVATING,
        )
        return True

    assert sum(at_once(40, naive)) == 40
    assert CardEvent.objects.filter(card=card).count() == 40


def test_the_events_of_competing_moves_join_up_to_one_story(postgres: str) -> None:
    card = CardFactory.create(state=State.ACTIVE)
    ways = [
        (State.SUSPENDED, "lost"),
        (State.ACTIVE, "found"),
        (State.SUSPENDED, "requested"),
        (State.ACTIVE, "other"),
    ]

    def act(number: int) -> int:
        to, reason = ways[number % 4]
        how: dict[str, Any] = {"card_id": card.pk, "actor": HOLDER, "channel": Via.WEB, "comment": "as told"}
        return sum(move(to=to, reason=reason, **how) for _again in range(5))

    moved = sum(at_once(20, act))
    events = list(CardEvent.objects.filter(card=card))
    assert len(events) == moved
    # Every state is left as often as it was entered, but for the first and the last.
    left = sum(event.from_state == State.ACTIVE for event in events)
    entered = sum(event.to_state == State.ACTIVE for event in events)
    last = Card.objects.get(pk=card.pk).state
    assert left - entered == (0 if last == State.ACTIVE else 1)


def test_pins_chosen_at_once_leave_one_pending_and_are_adopted_once(postgres: str) -> None:
    card = CardFactory.create(state=State.ACTIVATING)
    at_once(8, lambda number: choose_pin(card_id=card.pk, pin=f"48392{number}"))
    assert Pin.objects.pending().filter(card=card).count() == 1
    assert sorted(at_once(8, lambda _n: adopt_pin(card_id=card.pk))) == [False] * 7 + [True]
    assert [pin.stage for pin in Pin.objects.filter(card=card)] == ["current"]
    assert sum(check_pin(card_id=card.pk, pin=f"48392{number}") for number in range(8)) == 1


def test_looking_for_a_pin_before_keeping_one_would_fail(postgres: str) -> None:
    card = CardFactory.create(state=State.ACTIVATING)
    all_have_looked = Barrier(20)

    def naive(_number: int) -> bool:
        found = Pin.objects.pending().filter(card=card).exists()
        all_have_looked.wait(timeout=30)
        if found:
            return True
        try:
            Pin.objects.create(card=card, stage=Pin.Stage.PENDING, custody="local", secret="-")
        except IntegrityError:
            return False
        return True

    assert sum(at_once(20, naive)) == 1

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cards.dimensions import PinStatus, Role, State, Via
from cards.events import Actor
from cards.models import Card, CardEvent, Pin
from cards.pins import adopt_pin, choose_pin
from cards.states import MoveNotAllowed, move
from cards.tests.factories import CardFactory

pytestmark = pytest.mark.django_db

ISSUER = Actor.issuer("file")


def test_activation_keeps_its_moment_and_a_freeze_does_not_change_it() -> None:
    card = CardFactory.create(state=State.ACTIVATING)
    assert move(card_id=card.pk, to=State.ACTIVE, actor=Actor.system(), channel=Via.SYSTEM, reason="verified")
    activated_at = Card.objects.get(pk=card.pk).activated_at
    assert activated_at is not None
    assert timezone.now() - activated_at < timedelta(seconds=5)
    holder: dict[str, Any] = {"actor": Actor.cardholder("a1"), "channel": Via.WEB}
    assert move(card_id=card.pk, to=State.SUSPENDED, reason="lost", **holder)
    assert move(card_id=card.pk, to=State.ACTIVE, reason="found", **holder)
    card.refresh_from_db()
    assert card.activated_at == activated_at
    assert card.previous_state == State.SUSPENDED
    assert card.state_since > activated_at


def test_a_card_blocked_before_it_was_activated_is_not_made_active_by_a_review() -> None:
    card = CardFactory.create(state=State.PENDING_ACTIVATION)
    assert move(card_id=card.pk, to=State.BLOCKED, actor=ISSUER, channel=Via.API, reason="fraud")
    supervisor = Actor.staff("8", Role.SUPERVISOR)
    assert not move(card_id=card.pk, to=State.ACTIVE, actor=supervisor, channel=Via.ADMIN, reason="reviewed")
    assert Card.objects.get(pk=card.pk).state == State.BLOCKED
    assert CardEvent.objects.count() == 1


def test_terminating_is_for_ever_and_takes_the_pin_away() -> None:
    card = CardFactory.create(state=State.ACTIVE)
    choose_pin(card_id=card.pk, pin="483920")
    adopt_pin(card_id=card.pk)
    choose_pin(card_id=card.pk, pin="593027")
    assert move(card_id=card.pk, to=State.TERMINATED, actor=ISSUER, channel=Via.API, reason="damaged")
    card.refresh_from_db()
    assert card.terminated_at is not None
    assert card.pin_status == PinStatus.NOT_SET
    assert not Pin.objects.filter(card=card).exists()
    for to in State:
        assert not _try_all(card, to)


def _try_all(card: Card, to: State) -> bool:
    actors = [Actor.system(), ISSUER, Actor.cardholder(), Actor.staff("8", Role.SUPERVISOR)]
    moved = False
    for actor in actors:
        for reason in ("verified", "reviewed", "found", "fraud", "lost", "delivered"):
            try:
                moved |= move(card_id=card.pk, to=to, actor=actor, channel=Via.API, reason=reason)
            except MoveNotAllowed:
                continue
    return moved


def test_the_reason_other_needs_a_comment() -> None:
    card = CardFactory.create(state=State.ACTIVE)
    other: dict[str, Any] = {
        "card_id": card.pk,
        "to": State.TERMINATED,
        "actor": ISSUER,
        "channel": Via.API,
        "reason": "other",
    }
    with pytest.raises(MoveNotAllowed):
        move(**other, comment="  ")
    assert Card.objects.get(pk=card.pk).state == State.ACTIVE
    assert move(**other, comment="The holder has moved abroad")
    assert CardEvent.objects.get(card=card).comment == "The holder has moved abroad"


def test_a_caller_can_narrow_from_where() -> None:
    card = CardFactory.create(state=State.ACTIVE)
    blocking: dict[str, Any] = {
        "card_id": card.pk,
        "to": State.BLOCKED,
        "actor": ISSUER,
        "channel": Via.API,
        "reason": "fraud",
    }
    assert not move(**blocking, allowed_from=[State.SUSPENDED])
    assert not move(**blocking, allowed_from=[])
    assert move(**blocking, allowed_from=[State.ACTIVE, State.TERMINATED])


def test_a_card_that_does_not_exist_is_not_moved() -> None:
    assert not move(card_id=uuid4(), to=State.BLOCKED, actor=ISSUER, channel=Via.API, reason="fraud")
    assert not CardEvent.objects.exists()


def test_a_move_whose_event_cannot_be_written_does_not_happen() -> None:
    card = CardFactory.create(state=State.ACTIVE)
    nowhere: Any = "NOWHERE"
    with pytest.raises(IntegrityError), transaction.atomic():
        move(card_id=card.pk, to=State.BLOCKED, actor=ISSUER, channel=nowhere, reason="fraud")
    assert Card.objects.get(pk=card.pk).state == State.ACTIVE


@pytest.mark.parametrize(
    "change",
    [
        {"state": "lost"},
        {"pin_status": "guessed"},
        {"fulfilment": "eaten"},
        {"profile": "flying"},
        {"previous_state": "lost"},
        {"id_type": "library_card"},
        {"state": "active"},
        {"state": "terminated"},
        {"terminated_at": "2026-01-01T00:00:00Z"},
        {"phone_index": None, "email_index": None},
    ],
)
def test_the_database_refuses_what_cannot_be(change: dict[str, object]) -> None:
    card = CardFactory.create(state=State.PENDING_ACTIVATION)
    with pytest.raises(IntegrityError), transaction.atomic():
        Card.objects.filter(pk=card.pk).update(**change)

"""Stopping a card that is not active yet: its codes end, its attempt is closed, and an activation is not overtaken."""

from typing import Any

import pytest
from django.utils import timezone

from accounts import services
from accounts.loss import denials
from accounts.models import Case
from accounts.models.cases import Done
from accounts.tests.losing import a_card, froze, state_of
from activation.models import ActivationAttempt
from activation.models.attempts import Verdict
from activation.stopping import REASON
from activation.tests.factories import issue
from activation.tests.journey import at_submit
from activation.verification import verify
from cards.dimensions import State, Via
from cards.events import Actor
from cards.models import Card, CardEvent, Pin
from cards.tests.factories import CardFactory
from messaging.models import Message

pytestmark = pytest.mark.django_db
HOW: dict[str, Any] = {"actor": Actor.cardholder(), "channel": Via.WEB, "reason": "lost"}


def submitted() -> Card:
    card: Card = CardFactory.create()
    at_submit(card).fill(agree="on")
    assert state_of(card) == State.ACTIVATING
    return card


def test_a_card_that_is_not_active_yet_loses_its_codes_and_the_page_says_so() -> None:
    card = a_card(State.PENDING_ACTIVATION)
    code = issue(card, "sms")
    browser = froze(card)
    code.refresh_from_db()
    assert code.revoked_at is not None
    assert "This card was not active yet" in browser.text
    assert state_of(card) == State.PENDING_ACTIVATION
    assert Message.objects.filter(kind="card_frozen").count() == 0


def test_an_open_attempt_is_closed_and_its_pin_forgotten() -> None:
    card: Card = CardFactory.create()
    at_submit(card)
    services.freeze_card(card_id=card.pk, **HOW)
    assert ActivationAttempt.objects.get(card=card).closed_at is not None
    assert not Pin.objects.filter(card=card).exists()
    assert not card.activation_codes.unfinished().exists()


def test_a_submitted_activation_is_ended_and_a_late_yes_of_the_issuer_changes_nothing() -> None:
    card = submitted()
    services.freeze_card(card_id=card.pk, **HOW)
    attempt = ActivationAttempt.objects.get(card=card)
    assert (attempt.verdict, attempt.reason) == (Verdict.REFUSED, REASON)
    verify(attempt.pk)
    assert state_of(card) == State.PENDING_ACTIVATION
    assert not card.activation_codes.unfinished().exists()


def test_it_was_not_me_freezes_a_card_that_was_just_activated_and_opens_a_case() -> None:
    card = submitted()
    verify(ActivationAttempt.objects.get(card=card).pk)
    assert state_of(card) == State.ACTIVE
    notice = Message.objects.filter(kind="card_active").latest("pk")
    case = services.deny(message=notice)
    assert state_of(card) == State.SUSPENDED
    assert case.card_id == card.pk and Done.CARD_FROZEN in case.done


def test_it_was_not_me_stops_a_pending_activation() -> None:
    card = submitted()
    case = Case.objects.create(card=card, opened_at=timezone.now())
    denials.stop_card(case, timezone.now())
    assert state_of(card) == State.PENDING_ACTIVATION
    assert set(case.done) == {Done.ACTIVATION_STOPPED, Done.CODES_REVOKED}


def test_activating_the_new_card_retires_the_old_one_in_the_same_moment() -> None:
    new = submitted()
    old = a_card(id_type=new.id_type, id_number=new.id_number)
    assert services.replace_card(card_id=old.pk, replacement_id=new.pk, actor=Actor.issuer(), channel=Via.API)
    assert state_of(old) == State.ACTIVE
    verify(ActivationAttempt.objects.get(card=new).pk)
    assert (state_of(new), state_of(old)) == (State.ACTIVE, State.TERMINATED)
    event = CardEvent.objects.get(card=old, to_state=State.TERMINATED)
    assert (event.reason, event.reference) == ("replaced", ActivationAttempt.objects.get(card=new).reference)

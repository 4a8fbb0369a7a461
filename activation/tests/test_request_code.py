"""Asking for a new activation code (P11): everybody is told the same, only the holder gets one."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.code_requests import answer_waiting
from accounts.models import CodeRequest
from activation.models import ActivationCode
from activation.services.enter_code import LOCKS
from activation.tests.browser import Browser
from activation.tests.factories import issue
from activation.tests.journey import at_identity
from cards.dimensions import ActorKind, Via
from cards.models import Card, CardEvent
from cards.models.card_event import EventKind
from cards.tests.factories import CardFactory
from messaging.models import Message
from vault import limits

pytestmark = pytest.mark.django_db
TOLD = "If the details match our records, you will get an activation code within a few minutes"


@pytest.fixture
def card() -> Card:
    return CardFactory.create()


def ask(card_number: str, contact: str) -> Browser:
    browser = Browser()
    browser.open("/code/new/")
    browser.fill(card_number=card_number, contact=contact)
    return browser


def test_the_registered_phone_gets_six_digits_and_the_card_number_is_kept(card: Card) -> None:
    browser = ask(card.number, card.phone)
    assert TOLD in browser.text
    answer_waiting()
    code = ActivationCode.objects.get()
    assert (code.digits, code.channel) == (6, "sms")
    message = Message.objects.get()
    assert (message.kind, message.subject_id, message.deadline) == ("activation_code", code.pk, code.expires_at)
    event = CardEvent.objects.get(card=card, kind=EventKind.CODE_ISSUED)
    assert (event.actor_kind, event.channel) == (ActorKind.CARDHOLDER, Via.WEB)
    browser.open("/activate/enter-code/")
    assert card.number in browser.text
    assert 'autocomplete="one-time-code"' in browser.text
    browser.fill(code=code.derive())
    assert browser.at.endswith("/confirm-identity/")


def test_the_registered_email_gets_twelve_digits(card: Card) -> None:
    ask(card.number, card.email.upper())
    answer_waiting()
    assert ActivationCode.objects.get().digits == 12


def test_while_the_door_is_locked_no_code_is_sent_and_the_end_is_told(card: Card) -> None:
    """Known and unknown alike: the lock is that of the number that was typed."""
    with time_machine.travel(timezone.now(), tick=False):
        told = set()
        for number in (card.number, "6299999999999999"):
            for _try in range(5):
                limits.count_all([(limit, number) for limit in LOCKS])
            told.add(ask(number, card.phone).text.split("<main")[1])
        assert len(told) == 1
        assert "Too many tries. Try again after" in told.pop()
        assert not CodeRequest.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert TOLD in ask(card.number, card.phone).text


@pytest.mark.parametrize("who", ["unknown card", "foreign contact", "active card", "another programme"])
def test_whoever_is_not_entitled_is_told_the_same_and_gets_nothing(card: Card, who: str) -> None:
    number, contact = card.number, card.phone
    if who == "unknown card":
        number = "6299999999999999"
    elif who == "foreign contact":
        contact = "13900139000"
    elif who == "active card":
        active = CardFactory.create(state="active")
        number, contact = active.number, active.phone
    browser = Browser()
    other = CardFactory.create(programme__code="transit").programme.code if who == "another programme" else ""
    start = f"/{other}" if other else ""
    browser.open(f"{start}/code/new/")
    browser.send(f"{start}/code/new/", card_number=number, contact=contact)
    assert TOLD in browser.text
    answer_waiting()
    assert CodeRequest.objects.get().handled_at
    assert not Message.objects.exists()
    assert not ActivationCode.objects.exists()


def test_a_live_code_is_sent_again_unchanged_and_an_old_one_is_replaced(card: Card) -> None:
    first = issue(card, "sms")
    ask(card.number, card.phone)
    answer_waiting()
    assert ActivationCode.objects.get() == first
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        ask(card.number, card.phone)
        answer_waiting()
    first.refresh_from_db()
    assert first.superseded_at
    assert ActivationCode.objects.count() == 2


def test_a_new_code_keeps_the_attempt_that_is_open(card: Card) -> None:
    browser = at_identity(card)
    ask(card.number, card.phone)
    answer_waiting()
    browser.fill(name=card.holder_name, idno=card.id_number)
    assert browser.at.endswith("/confirm-contact/")


@pytest.mark.parametrize("number", ["known", "unknown"])
def test_asking_again_within_a_minute_names_the_moment_for_known_and_unknown_alike(card: Card, number: str) -> None:
    chosen = card.number if number == "known" else "6299999999999999"
    ask(chosen, card.phone)
    browser = ask(chosen, card.phone)
    assert "You can ask for another one after" in browser.text
    assert CodeRequest.objects.count() == 1


def test_the_fourth_time_in_an_hour_is_refused_with_the_time(card: Card) -> None:
    for minutes in (0, 2, 4):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            ask(card.number, card.phone)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        browser = ask(card.number, card.phone)
    assert "You have asked for too many codes, whatever they were for. Try again after" in browser.text
    assert CodeRequest.objects.count() == 3


def test_what_is_missing_is_told(card: Card) -> None:
    browser = ask("", "")
    assert "Enter a mobile number or email address" in browser.text
    assert not CodeRequest.objects.exists()

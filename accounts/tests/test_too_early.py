"""Who asks for a code while one for something else is on its way is told when; and every code says what it is for."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import translation

from accounts import code_requests
from accounts.code_purposes import OF_LOSSES, SIGN_IN
from accounts.models import CodeRequest
from accounts.models.account_codes import Proof
from accounts.models.loss_codes import Act
from accounts.services.act_by_code import LOSS_TRIES
from accounts.tests.codes import ask_for_code
from accounts.tests.contacts import NEW_PHONE
from accounts.tests.contacts import digits_of as account_digits_of
from accounts.tests.factories import CardBindingFactory, UserFactory
from accounts.tests.losing import PHONE, a_card, asks, digits_of, froze, state_of
from cards.dimensions import State
from cards.models import Card
from messaging.kinds import kind_named
from messaging.models import Message
from messaging.rendering import render
from pages.tests.browser import Browser
from vault import limits

pytestmark = pytest.mark.django_db

AT = "2026-11-23 12:46:10+00:00"
TOLD = (
    "A code was asked for less than a minute ago, perhaps for something else. "
    "You can ask for another one after 20:47:10"
)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def card() -> Card:
    return a_card()


def owner_of(card: Card) -> Browser:
    user = UserFactory.create(phone=card.phone, email=card.email)
    CardBindingFactory.create(user=user, card=card)
    browser = Browser()
    browser.client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    return browser


def unfreezes(card: Card) -> Browser:
    return asks("/found/")


def unfreezes_own(card: Card) -> Browser:
    browser = owner_of(card)
    browser.open(f"/cards/{card.pk}/found/")
    browser.fill(via="sms")
    return browser


def adds(card: Card) -> Browser:
    browser = owner_of(card)
    browser.open("/cards/add/")
    browser.fill(whose="own", tail="2604", contact=PHONE)
    return browser


@pytest.mark.parametrize("act", [unfreezes, unfreezes_own, adds])
def test_a_form_says_when_and_waits_for_no_message_that_does_not_come(
    card: Card, clock: Any, act: Callable[[Card], Browser]
) -> None:
    froze(card)
    if act is adds:
        ask_for_code(PHONE)
    before = CodeRequest.objects.count()
    browser = act(card)
    assert TOLD in browser.text
    assert not browser.at.endswith("/code/")
    browser.open(browser.at.removesuffix("/") + "/code/" if act is adds else "/found/code/")
    assert not browser.at.endswith("/code/"), "nothing was asked for, so no code can be wrong"
    clock.shift(timedelta(seconds=61))
    browser.open("/cards/add/" if act is adds else "/found/")
    browser.fill(**({"whose": "own"} if act is adds else {}), tail="2604", contact=PHONE)
    assert browser.at.endswith("/code/")
    assert CodeRequest.objects.count() == before + 1


def test_a_card_can_be_frozen_when_the_codes_for_all_else_are_used_up(card: Card, clock: Any) -> None:
    for _code in range(3):
        ask_for_code(PHONE)
        clock.shift(timedelta(seconds=61))
    froze(card)
    assert state_of(card) == State.SUSPENDED
    told = "You have asked for too many codes to freeze or unfreeze a card. Try again after"
    for page, or_call in (("/lost/", ""), ("/found/", ""), ("/campus/lost/", "400-000-0000")):
        for contact in (PHONE, "+8613800138099"):  # known and unknown alike
            for _code in range(4):
                clock.shift(timedelta(seconds=61))
                asks(page, contact=contact, at=(browser := Browser()))
            words = re.sub(r"<[^>]*>", "", browser.text)
            assert told in words and (", or call 400-000-0000" in words) == bool(or_call)


def test_the_code_of_a_freeze_costs_no_try_of_unfreezing(card: Card) -> None:
    froze(card)
    asks("/found/", at=(browser := Browser()))
    assert "?" not in browser.at and state_of(card) == State.SUSPENDED
    assert limits.peek(LOSS_TRIES, f"2604|{PHONE}").tries == 0


def test_who_asks_for_the_same_twice_goes_on_to_the_code_that_is_on_its_way(card: Card) -> None:
    browser = asks()
    asks(at=browser)
    assert browser.at == "/lost/code/" and TOLD not in browser.text
    browser.fill(otp=digits_of(card))
    assert state_of(card) == State.SUSPENDED


def test_signing_in_goes_on_because_an_earlier_code_may_be_one_to_sign_in_and_says_when_there_is_another() -> None:
    for contact in (PHONE, "+8613800138099"):
        ask_for_code(contact)
        browser = Browser()
        browser.open("/account/sign-in/")
        browser.fill(ident=contact)
        assert browser.at == "/account/sign-in/verify/"
        assert TOLD in browser.text and "If the details match" not in browser.text


def test_the_page_of_a_new_contact_tells_too_early_from_too_many(clock: Any) -> None:
    user = UserFactory.create(phone=PHONE)
    browser = Browser()
    browser.client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    ask_for_code(NEW_PHONE)
    browser.open("/account/phone/")
    browser.fill(contact=NEW_PHONE)
    code_requests.answer_waiting()
    browser.fill(otp=account_digits_of(user, Proof.OLD))
    assert browser.at == "/account/contact/new/"
    assert f"The code is not sent yet. {TOLD}" in browser.text
    for _more in range(2):
        clock.shift(timedelta(seconds=61))
        ask_for_code(NEW_PHONE)
    browser.open("/account/contact/new/?late=1")
    assert "You have asked for too many codes, whatever they were for. Try again after 21:47" in browser.text
    clock.shift(timedelta(hours=1))
    browser.open("/account/contact/new/?late=1")
    assert "You have asked for too many codes" not in browser.text


def test_an_expired_code_that_cannot_be_replaced_yet_is_not_said_to_be_replaced(card: Card, clock: Any) -> None:
    browser = asks()
    code = digits_of(card)
    clock.shift(timedelta(minutes=11))
    asks()
    browser.fill(otp=code)
    assert "We have sent you a new one" not in browser.text
    assert "You can ask for another one after 20:58:10" in browser.text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_page_and_message_of_a_code_name_the_same_purpose(card: Card, clock: Any, language: str) -> None:
    Card.objects.filter(pk=card.pk).update(language=language)
    UserFactory.create(phone=PHONE, language=language)
    for act, page in ((Act.FREEZE, "/lost/"), (Act.UNFREEZE, "/found/"), (None, "/account/sign-in/")):
        browser = Browser(language)
        browser.open(page)
        browser.fill(**({"tail": "2604", "contact": PHONE} if act else {"ident": PHONE}))
        code_requests.answer_waiting()
        message = Message.objects.latest("pk")
        with translation.override(language):
            purpose = str(OF_LOSSES[act] if act else SIGN_IN)
            kind = kind_named(message.kind)
            envelope = kind and kind.build(message)
        assert envelope
        assert purpose in render(message, envelope).text
        assert purpose in browser.text
        clock.shift(timedelta(seconds=61))

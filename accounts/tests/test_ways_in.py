"""A contact that is registered for a card, and was never proved: it opens no account, and nobody is left guessing."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from accounts import code_requests
from accounts.binding.ending import unbind_card
from accounts.messages import build_elsewhere
from accounts.models import CardBinding, SignInCode, User
from accounts.own_account.closing import close
from accounts.signing_in.ways_in import ways_in
from accounts.tests.codes import ask_for_code
from accounts.tests.contacts import EMAIL, PHONE, card_of, person
from cards.dimensions import Via
from cards.events import Actor
from cards.models import Card
from messaging.models import Message
from messaging.rendering import render
from pages.tests.browser import Browser

pytestmark = pytest.mark.django_db

UNKNOWN = "+8613800138099"


@pytest.fixture
def user() -> User:
    """The code came by email, so that the account has the email only."""
    return person(phone="")


@pytest.fixture
def card(user: User) -> Card:
    return card_of(user, phone=PHONE)


@pytest.fixture
def frozen_clock() -> Iterator[None]:
    with time_machine.travel(timezone.now(), tick=False):
        yield


def told() -> list[str]:
    """What the kinds of messages are that wait."""
    return list(Message.objects.filter(kind__startswith="sign_in").values_list("kind", flat=True))


def test_its_reader_is_told_what_to_sign_in_with_and_gets_no_code(card: Card) -> None:
    ask_for_code(PHONE)
    message = Message.objects.get(kind="sign_in_elsewhere")
    envelope = build_elsewhere(message)
    assert envelope and envelope.to == PHONE
    assert not SignInCode.objects.exists()
    sent = render(message, envelope).text
    assert card.number_tail in sent and "x***@example.com" in sent and EMAIL not in sent
    message.channel = "email"
    in_chinese = render(message, replace(envelope, language="zh-hans")).text
    assert f"x***@example.com 登录：{settings.PORTAL_URL}/campus/account/sign-in/\n" in in_chinese


def test_whatever_is_typed_the_pages_are_alike(card: Card, frozen_clock: None) -> None:
    pages = []
    for contact in (PHONE, UNKNOWN):
        browser = Browser()
        browser.open("/account/sign-in/")
        browser.fill(ident=contact)
        code_requests.answer_waiting()
        shown = [browser.text]
        browser.fill(otp="123456")
        shown.append(browser.text)
        browser.fill(resend="1")
        shown.append(browser.text)
        hidden = r'(csrfmiddlewaretoken|form_token)" value="[^"]*"|ending in (?:<[^>]*>)+\d\d'
        pages.append([re.sub(hidden, "", page) for page in shown])
    assert pages[0] == pages[1]
    assert told() == ["sign_in_elsewhere"]


@pytest.mark.parametrize("case", ["card in no account", "account closed", "nobody's"])
def test_without_an_account_behind_it_nobody_hears_anything(user: User, card: Card, case: str) -> None:
    binding, at = CardBinding.objects.get(), timezone.now()
    if case == "card in no account":
        unbind_card(binding_id=binding.pk, actor=Actor.cardholder(user.pk), channel=Via.WEB, at=at)
    elif case == "account closed":
        close(user.pk)
    ask_for_code(UNKNOWN if case == "nobody's" else PHONE)
    assert told() == []


def test_it_signs_in_to_the_account_that_has_proved_it(card: Card) -> None:
    other = person(email="", phone=PHONE)
    ask_for_code(PHONE)
    assert told() == ["sign_in_code"]
    assert SignInCode.objects.get().user == other


def test_it_is_not_told_once_the_account_has_it_or_the_card_another_one(user: User, card: Card) -> None:
    ask_for_code(PHONE)
    message = Message.objects.get()
    user.phone = PHONE
    user.save()
    assert build_elsewhere(message) is None
    user.phone, card.phone = "", UNKNOWN
    user.save()
    card.save()
    assert build_elsewhere(message) is None


def test_my_account_offers_to_add_it_until_it_is_there(user: User, card: Card) -> None:
    browser = Browser()
    browser.client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    browser.open("/account/")
    assert "138 **** 8042" in browser.text and "is registered for your card" in browser.text
    assert PHONE[3:] not in browser.text
    user.phone = UNKNOWN
    user.save()
    browser.open("/account/")
    assert "is registered for your card" not in browser.text


def test_an_account_with_both_opens_by_either(card: Card, user: User) -> None:
    user.phone = UNKNOWN
    user.save()
    ways = ways_in(card)
    assert ways and ways.own == ["138 **** 8099", "x***@example.com"]
    assert ways.others == ["138 **** 8042"]
    assert ways.said == "138 **** 8099 or x***@example.com"

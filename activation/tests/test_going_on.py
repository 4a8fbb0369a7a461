"""The start page's "continue an activation": to where the activation of this browser stands, else to card and code."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from activation.models import ActivationAttempt
from activation.seats import IDLE_SECONDS
from activation.tests.browser import Browser
from activation.tests.factories import issue
from activation.tests.journey import PIN, at_pin
from activation.verification import verify_waiting
from cards.models import Card
from cards.tests.factories import CardFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db
DOOR, LINK = "/activate/enter-code/", "/activate/continue/"


@pytest.fixture
def card() -> Card:
    card: Card = CardFactory.create()
    return card


def gone_on(browser: Browser, start: str = "/") -> str:
    """Where the link of a start page leads."""
    browser.open(start)
    link = f"{start.removesuffix('/')}{LINK}"
    assert f'href="{link}">Continue an activation you have started' in browser.text
    browser.open(link)
    return browser.at


def test_it_leads_to_the_step_then_to_the_check_and_after_it_to_card_and_code(card: Card) -> None:
    browser = at_pin(card)
    at_the_pin = browser.at
    assert gone_on(browser) == at_the_pin
    browser.fill(pin=PIN, pin2=PIN)
    at_the_check = browser.at
    assert gone_on(browser) == at_the_check
    browser.fill(agree="on")
    waiting = browser.at
    assert gone_on(browser) == waiting and waiting.endswith("/wait/")
    verify_waiting()
    assert gone_on(browser) == DOOR


def test_of_two_the_newer_one_is_meant_and_at_a_programmes_address_its_own(card: Card) -> None:
    bank: Card = CardFactory.create(programme=ProgrammeFactory.create(code="bank"))
    browser = at_pin(card)
    at_the_pin = browser.at
    browser.open(DOOR)
    browser.fill(card_number=bank.number, code=issue(bank).derive())
    newest = browser.at
    assert gone_on(browser) == newest != at_the_pin
    assert gone_on(browser, "/campus/") == f"/campus{at_the_pin}"
    assert gone_on(browser, "/bank/") == f"/bank{newest}"


def test_who_holds_no_seat_begins_with_card_and_code(card: Card) -> None:
    browser, stranger = at_pin(card), Browser()
    assert gone_on(stranger) == DOOR
    with time_machine.travel(timezone.now() + timedelta(seconds=IDLE_SECONDS + 60)):
        assert gone_on(browser) == DOOR, "the next person at this browser"
    browser = at_pin(CardFactory.create())
    ActivationAttempt.objects.update(closes_at=timezone.now())
    assert gone_on(browser) == DOOR, "its 24 hours are over"
    code = issue(other := CardFactory.create())
    first, second = Browser(), Browser()
    for one in (first, second):
        one.open(DOOR)
        one.fill(card_number=other.number, code=code.derive())
    assert gone_on(first) == DOOR, "another browser has gone on"
    assert gone_on(second).endswith("/confirm-identity/")

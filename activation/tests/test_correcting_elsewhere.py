""" "Correct my details" where the same activation has meanwhile gone on in another browser: a page says so."""

import pytest

from activation.models import ActivationAttempt
from activation.tests.browser import Browser
from activation.tests.factories import issue
from activation.tests.journey import PIN
from activation.verification import verify_waiting
from cards.models import Card
from cards.tests.factories import CardFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def card() -> Card:
    card: Card = CardFactory.create()
    return card


def activating(card: Card, code: str, name: str) -> Browser:
    """A browser that has submitted what it was asked for."""
    browser = Browser()
    browser.open("/activate/enter-code/")
    browser.fill(card_number=card.number, code=code)
    browser.fill(name=name, idno=card.id_number)
    browser.fill(pin=PIN, pin2=PIN)
    browser.fill(agree="on")
    return browser


def with_a_problem(card: Card, code: str) -> tuple[Browser, str]:
    browser = activating(card, code, "李四")
    verify_waiting()
    problem = browser.at.replace("/wait/", "/problem/")
    browser.open(problem)
    return browser, problem


def test_it_says_that_the_activation_goes_on_elsewhere_and_then_that_the_card_is_active(card: Card) -> None:
    code = issue(card).derive()
    first, problem = with_a_problem(card, code)
    activating(card, code, card.holder_name)
    first.send(problem)
    assert first.at.endswith("/activate/stopped/")
    assert "You have continued this activation somewhere else" in first.text
    verify_waiting()
    first.send(problem)
    assert "This card is already active" in first.text
    assert ActivationAttempt.objects.count() == 2


def test_pressed_twice_in_one_browser_it_is_one_correction(card: Card) -> None:
    first, problem = with_a_problem(card, issue(card).derive())
    first.send(problem)
    came_to = first.at
    first.send(problem)
    assert came_to.endswith("/confirm-identity/") and first.at == came_to
    assert ActivationAttempt.objects.count() == 2

"""The PIN step: refused with its reason, handed to its custody, nowhere else."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.utils import timezone

from activation.tests.journey import at_pin, the_attempt
from cards.models import Card, Pin
from cards.tests.factories import CardFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def card() -> Card:
    return CardFactory.create(id_number="11010519491231002X", phone="+8613827495160")


@pytest.mark.parametrize(
    ("pin", "pin2", "words"),
    [
        ("", "", "Enter a 6-digit PIN"),
        ("12345", "12345", "PIN must be 6 digits"),
        ("73914a", "73914a", "PIN must be 6 digits"),
        ("739146", "", "Enter the PIN again"),
        ("739146", "739147", "The two PINs do not match"),
        ("111111", "111111", "Do not use repeated numbers or a sequence"),
        ("147258", "147258", "Do not use a line of keys on the keypad"),
        ("991231", "991231", "Do not use a date"),
        ("491231", "491231", "Do not use your birthday"),
        ("827495", "827495", "Do not use digits from your ID, phone or card number"),
    ],
)
def test_a_bad_pin_is_refused_with_its_reason_and_never_shown_again(
    card: Card, pin: str, pin2: str, words: str
) -> None:
    browser = at_pin(card, "sms")
    browser.fill(pin=pin, pin2=pin2)
    assert words in browser.text
    assert not pin or f'value="{pin}"' not in browser.text
    assert not Pin.objects.exists()
    assert the_attempt().pin_chosen_at is None


def test_a_refusal_tells_no_digits_of_a_number_that_was_not_given(card: Card) -> None:
    """The code came by email: who has it must not find the registered phone out by asking the PIN policy."""
    browser = at_pin(card, "email")
    browser.fill(pin="827495", pin2="827495")
    assert browser.at.endswith("/submit/")


def test_a_good_pin_goes_to_its_custody_and_is_in_no_session(card: Card) -> None:
    browser = at_pin(card)
    browser.fill(pin="739146", pin2="739146")
    assert browser.at.endswith("/submit/")
    assert "739146" not in browser.text
    assert "739146" not in Pin.objects.get().secret
    assert "739146" not in str([session.get_decoded() for session in Session.objects.all()])


def test_a_pin_not_submitted_in_15_minutes_is_asked_for_again_and_the_page_says_why(card: Card) -> None:
    browser = at_pin(card)
    browser.fill(pin="739146", pin2="739146")
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        browser.fill(agree="on")
        assert browser.at.endswith("/choose-pin/")
        assert "To keep your card safe, choose your PIN again" in browser.text
    assert the_attempt().submitted_at is None


def test_a_pin_chosen_again_replaces_the_first(card: Card) -> None:
    browser = at_pin(card)
    address = browser.at
    for pin in ("739146", "208517"):
        browser.open(address)
        browser.fill(pin=pin, pin2=pin)
    assert Pin.objects.count() == 1

"""A PIN is changed by the old one, reset by a code, and reset without an account: in Chromium, in both languages, with
JavaScript and without."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from accounts import code_requests
from accounts.models import PinReset, PinResetCode
from accounts.pins import settling as pin_settling
from accounts.tests.pins import NEW, OLD, OTHER, card_with_pin, own_card, pin_of
from cards.models import Card, Pin
from tests.browser.person import Person

NUMBER = "6200000000009903"


def code_of(card: Card) -> str:
    """The digits that come to the phone."""
    code_requests.answer_waiting()
    digits: str = PinResetCode.objects.unfinished().get(card=card).derive()
    return digits


def settled(person: Person) -> None:
    """The card system takes the new PIN, and the page is looked at again."""
    pin_settling.settle_waiting()
    person.page.reload()
    person.sees("Your PIN is changed", "title")


def test_the_old_pin_then_a_code_gives_a_new_one_and_the_reminder_is_switched_off(person: Person) -> None:
    user, card = own_card(number=NUMBER)  # whose end is not 180
    Pin.objects.update(chosen_at=timezone.now() - timedelta(days=181))
    person.is_signed_in(user)
    person.opens("/cards/")
    person.follows("/pin/change/")  # the line that reminds stands above the cards
    person.sends(old=OTHER, pin=NEW, pin2=NEW)
    expect(person.page.locator("#errors")).to_be_visible()
    person.sends(old=OLD, pin=NEW, pin2=NEW)
    person.sees("Your PIN is being changed", "title")
    assert pin_of(card) == OLD
    settled(person)
    assert pin_of(card) == NEW

    person.opens("/cards/")
    person.follows("/pin/")
    person.sends(via="sms")
    person.sends(otp=code_of(card), pin=OTHER, pin2=OTHER)
    person.sees("Your PIN is being changed", "title")
    assert pin_of(card) == NEW
    settled(person)
    assert pin_of(card) == OTHER

    Pin.objects.update(chosen_at=timezone.now() - timedelta(days=181))
    person.opens("/cards/")
    expect(person.page.locator("main")).to_contain_text("180")
    person.opens("/account/pin-reminder/")
    person.sends(remind="no")
    person.opens("/cards/")
    expect(person.page.locator("main")).not_to_contain_text("180")


def test_without_an_account_it_takes_both_numbers_a_code_and_the_delay(person: Person) -> None:
    card = card_with_pin(number=NUMBER)
    person.opens("/campus/")
    person.follows("/pin/forgot/")
    person.sends(card_number=NUMBER, idno=card.id_number)
    person.sends(otp=code_of(card), pin=NEW, pin2=NEW)
    person.sees("Your new PIN is chosen", "title")
    pin_settling.settle_waiting()
    assert pin_of(card) == OLD
    made = PinReset.objects.get()
    PinReset.objects.update(takes_effect_at=made.chosen_at, next_try_at=made.chosen_at)
    settled(person)
    assert pin_of(card) == NEW

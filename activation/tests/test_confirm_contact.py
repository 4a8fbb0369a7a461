"""The contact step: only a registered contact, shown to be read by six digits."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from activation.limits import SECURITY_CODE_TRIES
from activation.models import ContactCode
from activation.tests.browser import Browser
from activation.tests.journey import at_contact, at_contact_code, the_attempt
from activation.tidying import mark_expired
from cards.models import Card
from cards.tests.factories import CardFactory
from messaging.models import Destination, Message
from vault import limits

pytestmark = pytest.mark.django_db


@pytest.fixture
def card() -> Card:
    return CardFactory.create(phone="+8613800138000", email="zhang@qq.com")


def wrong(code: ContactCode) -> str:
    return f"{(int(code.derive()) + 1) % 10**6:06d}"


def confirmed() -> bool:
    return the_attempt().contact_confirmed_at is not None


@pytest.mark.parametrize("typed", ["13800138000", "+86 138 0013 8000", "0086-138-0013-8000", "１３８００１３８０００"])
def test_all_spellings_of_a_number_are_one_number(card: Card, typed: str) -> None:
    browser = at_contact(card)
    browser.fill(phone=typed, via="sms")
    assert browser.at.endswith("/confirm-contact/code/"), browser.text
    assert "138 **** 8000" in browser.text
    assert Message.objects.filter(kind="contact_code", channel="sms").count() == 1


def test_who_goes_back_finds_both_contacts_as_they_were_typed(card: Card) -> None:
    browser = at_contact(card)
    address, typed = browser.at, f"{card.phone[3:6]} {card.phone[6:]}"
    browser.fill(phone=typed, email=card.email, via="sms")
    assert browser.at.endswith("/code/")
    browser.open(address)
    assert f'value="{typed}"' in browser.text and f'value="{card.email}"' in browser.text


@pytest.mark.parametrize(("fixed_text", "minutes"), [(True, 5), (False, 10)])
def test_page_and_text_message_promise_the_same_minutes(fixed_text: bool, minutes: int) -> None:
    card = CardFactory.create(programme__fixed_text_sms=fixed_text)
    with time_machine.travel("2026-11-23 12:46:10+00:00", tick=False):
        assert f"works until 20:{46 + minutes}" in at_contact_code(card).text


def test_the_code_can_go_to_the_registered_email(card: Card) -> None:
    browser = at_contact(card)
    browser.fill(phone="", email="Zhang@QQ.com", via="email")
    assert "z***@qq.com" in browser.text
    browser.fill(otp=ContactCode.objects.get().derive())
    assert confirmed()


def test_a_contact_that_is_not_the_registered_one_is_told_and_gets_nothing(card: Card) -> None:
    browser = at_contact(card)
    browser.fill(phone="13900139000", via="sms")
    assert "Enter the mobile number or email address registered for the card" in browser.text
    assert not ContactCode.objects.exists()
    assert the_attempt().contact == ""


def test_a_code_for_a_number_that_no_text_message_goes_to_is_had_by_email() -> None:
    card = CardFactory.create(phone="+447911123456")
    browser = at_contact(card)
    browser.fill(phone="+44 7911 123456", via="sms")
    assert "We send no text messages to this country or region. Get the code by email" in browser.text
    assert not ContactCode.objects.exists() and the_attempt().contact == ""
    browser.fill(phone="+44 7911 123456", email=card.email, via="email")
    assert browser.at.endswith("/code/")


def test_guessing_contacts_ends_after_ten(card: Card) -> None:
    browser = at_contact(card)
    address = browser.at
    for number in range(10):
        browser.send(address, phone=f"1390013900{number}", via="sms")
    browser.send(address, phone="13800138000", via="sms")
    assert "Too many tries" in browser.text
    assert not ContactCode.objects.exists()


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"phone": "", "via": "sms"}, "Enter your mobile number"),
        ({"phone": "1380013800", "via": "sms"}, "Mainland China mobile number must be 11 digits starting with 1"),
        ({"phone": "+852 5", "via": "sms"}, "Enter the full number, including +"),
        ({"phone": "", "email": "", "via": "email"}, "Enter an email address to get the code by email"),
        ({"email": "zhang@", "via": "email"}, "Enter an email address in the correct format"),
        ({"phone": "13800138000", "via": ""}, "Select how we should send the code"),
    ],
)
def test_what_is_missing_or_mistyped_is_told(card: Card, answers: dict[str, str], words: str) -> None:
    browser = at_contact(card)
    browser.fill(**answers)
    assert words in browser.text
    assert not ContactCode.objects.exists()


def test_the_whole_message_can_be_pasted_and_leading_zeros_stay(card: Card) -> None:
    browser = at_contact_code(card)
    code = ContactCode.objects.get()
    browser.fill(otp=f"【示例大学】验证码 {code.derive()}，用于激活卡片，10 分钟内有效。")
    assert confirmed()
    assert browser.at.endswith("/choose-pin/")


def test_a_wrong_code_is_asked_for_again_then_locked_with_the_time(card: Card) -> None:
    browser = at_contact_code(card)
    address, code = browser.at, ContactCode.objects.get()
    browser.fill(otp=wrong(code))
    assert "That code is not correct. Check the latest message" in browser.text
    for _try in range(4):
        browser.open(address)
        browser.fill(otp=wrong(code))
    assert "You entered the wrong code too many times. Get a new code after" in browser.text
    browser.send(address, otp=code.derive())
    assert "You entered the wrong code too many times. Get a new code after" in browser.text
    assert not confirmed()


def test_while_no_code_is_taken_none_is_asked_for_and_none_is_sent_to_another_contact(card: Card) -> None:
    browser = at_contact_code(card)
    address = browser.at
    for _try in range(5):
        limits.count(SECURITY_CODE_TRIES, str(card.pk))
    said = "You entered the wrong code too many times. Get a new code after"
    browser.open(address)
    assert said in browser.text and 'name="otp"' not in browser.text
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):  # no longer too early for another code
        browser.send(address, resend="1")
        assert said in browser.text
        browser.send(address.replace("code/", ""), phone="", email=card.email, via="email")
        assert said in browser.text
    assert Message.objects.filter(kind="contact_code").count() == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        browser.send(address.replace("code/", ""), phone="", email=card.email, via="email")
        browser.fill(otp=ContactCode.objects.latest("issued_at").derive())
    assert confirmed()


@pytest.mark.parametrize(("number", "shown"), [("+8613800138000", "13800138000"), ("+85251234567", "+85251234567")])
def test_who_comes_back_later_finds_the_number_as_one_dials_it(number: str, shown: str) -> None:
    Destination.objects.create(prefix="+852", hourly_budget=10, daily_budget=10)
    card = CardFactory.create(phone=number)
    at_contact_code(card)
    later = Browser()  # or the same one after 20 minutes: what was typed is no longer kept
    later.open("/activate/enter-code/")
    later.fill(card_number=card.number, code=the_attempt().code.derive())
    assert later.at.endswith("/confirm-contact/") and f'value="{shown}"' in later.text


def test_an_expired_code_is_replaced_by_itself_and_the_page_says_so(card: Card) -> None:
    browser = at_contact_code(card)
    address, old = browser.at, ContactCode.objects.get().derive()
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        browser.open(address)
        browser.fill(otp=old)
        assert "This code has expired. We have sent you a new one" in browser.text
        assert not confirmed()
        browser.open(address)
        browser.fill(otp=ContactCode.objects.latest("issued_at").derive())
    assert confirmed()


def test_an_expired_code_that_cannot_be_replaced_yet_names_the_moment(card: Card) -> None:
    browser = at_contact_code(card)
    ago = timedelta(minutes=11)
    ContactCode.objects.update(issued_at=timezone.now() - ago, expires_at=timezone.now() - timedelta(minutes=1))
    browser.fill(otp=ContactCode.objects.get().derive())
    assert "You can ask for another one after" in browser.text
    assert not confirmed()


def test_a_code_that_the_sweep_has_marked_expired_is_told_like_one_that_it_has_not(card: Card) -> None:
    browser = at_contact_code(card)
    code = ContactCode.objects.get()
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert mark_expired(timezone.now()) == 1
        browser.fill(otp=code.derive())
        assert "This code has expired. We have sent you a new one" in browser.text
        assert limits.peek(SECURITY_CODE_TRIES, str(card.pk)).tries == 0
    assert not confirmed()


def test_sending_again_too_early_names_the_moment_and_sends_nothing(card: Card) -> None:
    browser = at_contact_code(card)
    browser.send(browser.at, resend="1")
    assert "You can send again after" in browser.text
    assert Message.objects.filter(kind="contact_code").count() == 1


def test_sending_again_in_the_first_half_of_its_life_brings_the_same_digits(card: Card) -> None:
    browser = at_contact_code(card)
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        browser.send(browser.at, resend="1")
    assert ContactCode.objects.count() == 1
    assert Message.objects.filter(kind="contact_code").count() == 2


def test_a_fourth_code_within_the_hour_is_refused_with_the_time(card: Card) -> None:
    browser = at_contact_code(card)
    address = browser.at
    for minutes in (2, 4, 6):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            browser.send(address, resend="1")
    assert "You have asked for too many codes, whatever they were for. Try again after" in browser.text
    assert Message.objects.filter(kind="contact_code").count() == 3


def test_giving_the_same_contact_again_at_once_goes_on_to_the_code_that_was_sent(card: Card) -> None:
    browser = at_contact_code(card)
    browser.open(browser.at.replace("code/", ""))
    browser.fill(phone=card.phone, via="sms")
    assert browser.at.endswith("/confirm-contact/code/")
    assert Message.objects.filter(kind="contact_code").count() == 1


def test_another_contact_voids_the_confirmation(card: Card) -> None:
    browser = at_contact_code(card)
    browser.fill(otp=ContactCode.objects.get().derive())
    assert confirmed()
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        browser.open(browser.at.replace("choose-pin", "confirm-contact"))
        browser.fill(email=card.email, phone="", via="email")
        assert browser.at.endswith("/confirm-contact/code/"), browser.text
    assert not confirmed()


def test_the_code_of_another_attempt_does_not_confirm_this_one(card: Card) -> None:
    other = CardFactory.create()
    at_contact_code(other)
    foreign = ContactCode.objects.get().derive()
    browser: Browser = at_contact_code(card)
    browser.fill(otp=foreign)
    assert not confirmed()

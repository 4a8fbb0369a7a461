"""The pages of a new PIN, as a person walks them; and what a stranger can learn from them: nothing."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts import code_requests
from accounts.models import CodeRequest, PinReset, PinResetCode, User
from accounts.pins import settling as pin_settling
from accounts.tests.pins import NEW, OLD, OTHER, own_card, pin_of
from activation.tests.browser import Browser
from cards.dimensions import PinStatus, State
from cards.models import Card
from cards.models.pin import Pin
from vault.models import Counter

pytestmark = pytest.mark.django_db
TOKENS = re.compile(r'name="(csrfmiddlewaretoken|form_token)" value="[^"]*"')


def signed_in(user: User) -> Browser:
    browser = Browser()
    browser.client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    return browser


def sent_code() -> str:
    code_requests.answer_waiting()
    return PinResetCode.objects.unfinished().get().derive()


def main_of(browser: Browser) -> str:
    return browser.text[browser.text.index("<main") : browser.text.index("</main>")]


def test_signed_in_one_chooses_the_way_then_enters_code_and_pin_together() -> None:
    user, card = own_card(phone="+8613800138042", email="xiaoming@example.com")
    browser = signed_in(user)
    browser.open("/cards/")
    assert f'href="/cards/{card.pk}/pin/"' in browser.text
    browser.open(f"/cards/{card.pk}/pin/")
    assert "138 **** 8042" in browser.text
    assert "checked" not in main_of(browser)
    browser.fill()
    assert "Select how we should send the code" in browser.text
    browser.fill(via="sms")
    assert browser.at == f"/cards/{card.pk}/pin/new/"
    assert "The old PIN works until the new one does." in browser.text
    browser.fill(otp=sent_code(), pin=NEW, pin2=NEW)
    assert browser.at == f"/cards/{card.pk}/pin/done/"
    assert "The old PIN works until then." in browser.text
    assert pin_of(card) == OLD
    pin_settling.settle_waiting()
    browser.open(browser.at)
    assert "The PIN that you chose works now" in browser.text
    assert pin_of(card) == NEW


def test_without_an_account_the_page_says_from_when_and_my_cards_can_stop_it() -> None:
    user, card = own_card()
    browser = Browser()
    browser.open("/pin/forgot/")
    browser.fill(card_number=card.number, idno=card.id_number)
    assert browser.at == "/pin/forgot/code/"
    assert "If the details match our records" in browser.text
    browser.fill(otp=sent_code(), pin=NEW, pin2=NEW)
    assert browser.at == "/pin/forgot/done/"
    assert "For your safety the new PIN works from" in browser.text
    holder = signed_in(user)
    holder.open("/cards/")
    assert "works from" in main_of(holder)
    holder.open(f"/cards/{card.pk}/pin/")
    holder.send(holder.at, stop="1")
    assert "The new PIN was dropped" in holder.text
    browser.open("/pin/forgot/done/")
    assert "The new PIN was dropped" in browser.text
    assert not Pin.objects.pending().exists()


def test_the_old_pin_changes_it_and_wrong_ones_lock_it_and_lead_to_the_reset() -> None:
    user, card = own_card()
    browser = signed_in(user)
    browser.open(f"/cards/{card.pk}/pin/change/")
    for left in ("", "3 tries left", "2 tries left", "1 try left"):
        browser.fill(old=OTHER, pin=NEW, pin2=NEW)
        assert "That is not the PIN of this card. Enter all three again" in browser.text
        assert left in browser.text
    browser.fill(old=OTHER, pin=NEW, pin2=NEW)
    assert "The PIN is locked" in browser.text and "Your PIN is locked</h1>" in browser.text
    assert "cannot get a new PIN" not in browser.text, "it can, and the button says so"
    assert f'href="/cards/{card.pk}/pin/"' in browser.text
    browser.open("/cards/")
    assert "PIN locked, reset it" in browser.text
    assert "/pin/change/" not in browser.text
    assert f'href="/cards/{card.pk}/lost/"' in browser.text, "whose PIN somebody guesses may want to stop the card"
    browser.open(f"/cards/{card.pk}/")
    assert f'href="/cards/{card.pk}/lost/"' in browser.text


def test_no_pin_and_no_code_comes_back_in_a_page_or_lies_in_the_session() -> None:
    user, card = own_card()
    browser = signed_in(user)
    browser.open(f"/cards/{card.pk}/pin/")
    browser.fill(via="email")
    code = sent_code()
    for answers in ({"otp": code, "pin": NEW, "pin2": OTHER}, {"otp": code, "pin": "111111", "pin2": "111111"}):
        browser.fill(**answers)
        for secret in (code, NEW, OTHER, "111111"):
            assert secret not in browser.text
            assert secret not in str(dict(browser.client.session))
    browser.open(f"/cards/{card.pk}/pin/change/")
    browser.fill(old=OTHER, pin=NEW, pin2=NEW)
    assert OTHER not in browser.text
    assert OTHER not in str(dict(browser.client.session))


def test_neither_number_that_was_typed_lies_in_the_session_or_in_the_request() -> None:
    _user, card = own_card()
    browser = Browser()
    browser.open("/pin/forgot/")
    browser.fill(card_number=card.number, idno=card.id_number)
    kept = str(dict(browser.client.session)) + CodeRequest.objects.get().body
    assert card.number not in kept
    assert card.id_number not in kept


def answers_to(card_number: str, id_number: str) -> list[Any]:
    browser, seen = Browser(), []
    browser.open("/pin/forgot/")
    for fields in ({"card_number": card_number, "idno": id_number}, {"otp": "000000", "pin": NEW, "pin2": NEW}):
        browser.fill(**fields)
        code_requests.answer_waiting()
        typed = browser.text.replace(card_number, "").replace(id_number, "")
        seen.append((browser.at, browser.page.status_code, TOKENS.sub("", typed)))
    for _resend in range(2):
        browser.send("/pin/forgot/code/", resend="1")
        seen.append(
            (browser.at, browser.page.status_code, re.sub(r"\d\d:\d\d:\d\d", "", TOKENS.sub("", browser.text)))
        )
    return seen


def test_known_and_unknown_cards_and_id_numbers_get_the_same_pages() -> None:
    _user, card = own_card()
    _other, foreign = own_card()
    known = answers_to(card.number, card.id_number)
    data_wait = re.compile(r'data-wait="\d+"')
    for numbers in (("6299999999999999", card.id_number), (foreign.number, card.id_number)):
        unknown = answers_to(*numbers)
        assert [data_wait.sub("", str(page)) for page in unknown] == [data_wait.sub("", str(page)) for page in known]
    assert PinResetCode.objects.count() == 1


@pytest.mark.parametrize("page", ["pin/", "pin/new/", "pin/change/", "pin/done/", "pin/status/"])
def test_a_foreign_card_is_as_missing_as_none(page: str) -> None:
    user, _card = own_card()
    _stranger, foreign = own_card()
    browser = signed_in(user)
    for card_id in (foreign.pk, uuid4()):
        for ask in (browser.client.get, browser.client.post):
            answer: Any = ask(f"/cards/{card_id}/{page}", follow=True)
            assert answer.status_code == 404
    assert Client().get(f"/cards/{foreign.pk}/{page}", follow=True).request["PATH_INFO"] == "/account/sign-in/"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.SUSPENDED, "The card is frozen"),
        (State.EXPIRED, "The card has expired"),
        (State.TERMINATED, "It cannot be used any more"),
        (State.BLOCKED, "The card is blocked"),
        (State.PENDING_ACTIVATION, "You choose its PIN when you activate it"),
        (State.ACTIVATING, "The card is being activated"),
    ],
)
def test_a_card_that_cannot_get_a_pin_says_why(state: State, words: str) -> None:
    user, card = own_card()
    terminated_at = timezone.now() if state == State.TERMINATED else None
    Card.objects.filter(pk=card.pk).update(state=state, terminated_at=terminated_at)
    browser = signed_in(user)
    for page in ("pin/", "pin/change/"):
        browser.open(f"/cards/{card.pk}/{page}")
        assert words in browser.text
        assert 'id="step"' not in browser.text
    browser.open("/cards/")
    assert "/pin/" not in main_of(browser)


def test_an_old_pin_is_told_never_forced_and_can_be_switched_off() -> None:
    user, _card = own_card()
    browser = signed_in(user)
    browser.open("/cards/")
    assert "180 days" not in browser.text
    Pin.objects.update(chosen_at=timezone.now() - timedelta(days=181))
    browser.open("/cards/")
    assert "is more than 180 days old" in browser.text
    browser.open("/account/pin-reminder/")
    browser.fill(remind="no")
    assert "Saved" in browser.text
    browser.open("/cards/")
    assert "180 days" not in browser.text


def test_a_code_that_has_expired_is_replaced_and_said_so() -> None:
    user, card = own_card()
    browser = signed_in(user)
    browser.open(f"/cards/{card.pk}/pin/")
    browser.fill(via="sms")
    code = sent_code()
    hour = timedelta(hours=1)
    PinResetCode.objects.update(issued_at=timezone.now() - hour, expires_at=timezone.now() - hour / 2)
    Counter.objects.all().delete()  # that hour is over for the limits too
    browser.fill(otp=code, pin=NEW, pin2=NEW)
    assert "This code has expired" in browser.text
    assert not PinReset.objects.exists()


def test_a_locked_pin_can_be_reset_but_not_changed() -> None:
    user, card = own_card()
    Card.objects.filter(pk=card.pk).update(pin_status=PinStatus.BLOCKED)
    browser = signed_in(user)
    browser.open(f"/cards/{card.pk}/pin/change/")
    assert "Reset it to use the card again" in browser.text
    browser.open(f"/cards/{card.pk}/pin/")
    browser.fill(via="sms")
    assert "The old PIN works" not in browser.text

"""The pages on which a contact is changed and an account is closed, by a browser without JavaScript."""

import re
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from accounts import code_requests
from accounts.models import CodeRequest, ContactChange, User
from accounts.models.account_codes import Proof
from accounts.own_account import closing
from accounts.own_account.messages import build_closed
from accounts.tests.codes import another
from accounts.tests.contacts import EMAIL, NEW_PHONE, PHONE, card_of, confirms, digits_of, person
from cards.models import Programme
from cards.programmes import forget_programmes
from messaging.models import Destination, Message
from messaging.rendering import render
from pages.tests.browser import Browser

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Browser:
    browser = Browser()
    browser.client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    return browser


@pytest.fixture
def user() -> User:
    return person()


@pytest.fixture
def owner(user: User) -> Browser:
    return signed_in(user)


def gives(owner: Browser, user: User, act: str) -> None:
    """The worker sends; the code is entered."""
    code_requests.answer_waiting()
    owner.fill(otp=digits_of(user, act))


def test_both_codes_are_asked_for_one_after_the_other(owner: Browser, user: User) -> None:
    owner.open("/account/")
    assert "138 **** 8042" in owner.text and PHONE[3:] not in owner.text
    owner.open("/account/phone/")
    owner.fill(contact="139 0013 9000")
    assert owner.at == "/account/contact/old/" and "138 **** 8042" in owner.text
    gives(owner, user, Proof.OLD)
    assert owner.at == "/account/contact/new/" and "139 **** 9000" in owner.text
    gives(owner, user, Proof.NEW)
    assert owner.at == "/account/" and "Until then codes go to the contact that you have now" in owner.text
    owner.fill()
    assert "The change was stopped" in owner.text
    assert ContactChange.objects.get().outcome == ContactChange.Outcome.STOPPED


def test_while_a_contact_is_being_added_the_page_does_not_offer_to_add_it() -> None:
    user = person(email="")
    card_of(user, email=EMAIL)
    owner = signed_in(user)
    for begun in (False, True):
        if begun:
            confirms(user, EMAIL)
        owner.open("/account/")
        assert ("is registered for your card: add it" in owner.text) is not begun
        assert ("From " in owner.text and "your email address is" in owner.text) is begun


def test_the_page_of_the_new_contact_cannot_be_opened_before_the_old_one_is_proved(owner: Browser) -> None:
    for path in ("old", "new"):
        owner.open(f"/account/contact/{path}/")
        assert owner.at == "/account/"
    owner.open("/account/phone/")
    owner.fill(contact="13900139000")
    owner.open("/account/contact/new/")
    assert owner.at == "/account/contact/old/"


def page_without_tokens(owner: Browser) -> str:
    return re.sub(r'(csrfmiddlewaretoken|form_token)" value="[^"]*"', "", owner.text)


def test_the_page_says_the_same_of_a_contact_that_another_account_has() -> None:
    pages = []
    with time_machine.travel(timezone.now(), tick=False):  # a page counts seconds
        for taken, number in ((False, 41), (True, 43)):
            user = person(phone=f"+86138001380{number}", email="")
            if taken:
                person(phone=NEW_PHONE, email="")
            owner = signed_in(user)
            owner.open("/account/phone/")
            owner.fill(contact=NEW_PHONE if taken else "+8613900139001")
            gives(owner, user, Proof.OLD)
            code_requests.answer_waiting()
            shown = [page_without_tokens(owner)]
            owner.fill(otp=another(digits_of(user, Proof.NEW) or "123455"))
            shown.append(page_without_tokens(owner))
            pages.append([re.sub(r"139 \*\*\*\* 900[01]|900[01]", "", page) for page in shown])
    assert pages[0] == pages[1]


def test_a_wrong_code_is_told_and_a_doubled_press_counts_once(owner: Browser, user: User) -> None:
    owner.open("/account/phone/")
    owner.fill(contact="13900139000")
    code_requests.answer_waiting()
    owner.fill(otp=another(digits_of(user, Proof.OLD)))
    assert "That code is not correct" in owner.text


def test_the_own_contact_is_refused_at_the_field(owner: Browser) -> None:
    owner.open("/account/email/")
    owner.fill(contact=EMAIL)
    assert "Your account has this contact already" in owner.text


def test_a_number_that_no_text_message_goes_to_is_refused_before_any_code(owner: Browser, user: User) -> None:
    owner.open("/account/phone/")
    owner.fill(contact="+44 7911 123456")
    assert "We send no text messages to this country or region. Enter another number" in owner.text
    assert not ContactChange.objects.exists() and not CodeRequest.objects.exists()
    Destination.objects.create(prefix="+44", hourly_budget=10, daily_budget=10)
    owner.fill(contact="+44 7911 123456")
    assert owner.at == "/account/contact/old/"


def test_while_a_change_waits_the_page_leads_back(owner: Browser, user: User) -> None:
    confirms(user)
    owner.open("/account/email/")
    assert owner.at == "/account/"


@pytest.mark.parametrize("path", ["", "phone/", "email/", "contact/old/", "contact/new/", "close/", "close/code/"])
def test_who_is_not_signed_in_is_asked_to(path: str) -> None:
    browser = Browser()
    browser.open(f"/account/{path}")
    assert browser.at == "/account/sign-in/"


def test_closing_says_what_is_kept_wants_a_code_and_is_out_at_the_next_request(owner: Browser, user: User) -> None:
    card, elsewhere = card_of(user), signed_in(user)
    owner.open("/account/close/")
    assert f"{card.number_tail}</bdi>" in owner.text and "7 years" in owner.text
    owner.fill(via="email")
    assert owner.at == "/account/close/code/"
    gives(owner, user, Proof.CLOSE)
    assert owner.at == "/account/closed/" and "Your cards keep working" in owner.text
    for signed_out in (owner, elsewhere):
        signed_out.open("/cards/")
        assert signed_out.at == "/account/sign-in/"
        assert signed_out.client.get(f"/cards/{card.pk}/pin/").status_code == 303
        assert signed_out.client.get(f"/cards/{uuid4()}/pin/").status_code == 303


@pytest.mark.parametrize(
    ("email", "fixed", "where"), [(EMAIL, True, "email"), ("", False, "text message"), ("", True, None)]
)
def test_the_page_before_closing_names_the_notice_that_can_undo_it(email: str, fixed: bool, where: str | None) -> None:
    user = person(email=email)
    Programme.objects.filter(pk=card_of(user).programme_id).update(fixed_text_sms=fixed)
    forget_programmes()
    owner = signed_in(user)
    owner.open("/account/close/")
    said = re.findall("the link in the ([a-z ]+) opens the account again, with its cards, for 7 days", owner.text)
    assert said == ([where] if where else [])
    closing.close(user.pk)
    envelopes = {message: build_closed(message) for message in Message.objects.filter(kind="account_closed")}
    linked = {
        message.channel for message, told in envelopes.items() if told and "/not-me/" in render(message, told).text
    }
    assert linked == {{"email": "email", "text message": "sms"}.get(where or "")} - {None}

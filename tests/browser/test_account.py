"""Somebody changes their phone, downloads what we hold, closes the account, and says that it was not them: in
Chromium, in both languages, with JavaScript and without."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.loss.not_me import token_of
from accounts.models import ContactChange, User
from accounts.models.account_codes import Proof
from accounts.models.contact_changes import WAITS
from accounts.own_account import contact_settling
from accounts.tests.contacts import NEW_PHONE, PHONE
from messaging.models import Message
from tests.browser.accounts import digits, owner
from tests.browser.person import Person


@pytest.fixture
def user(person: Person) -> User:
    """Somebody who is signed in."""
    user = owner()
    person.is_signed_in(user)
    return user


def phone_of(user: User) -> str:
    return str(User.objects.get(pk=user.pk).phone)


def test_a_phone_is_changed_a_day_later_denied_and_then_the_account_is_closed(person: Person, user: User) -> None:
    person.opens("/cards/")
    person.follows("/account/")
    person.follows("/account/phone/")
    person.sends(contact="139 0013 9000")
    person.sends(otp=digits(Proof.OLD))
    person.sends(otp=digits(Proof.NEW))
    person.sees("My account", "title")
    expect(person.page.locator(".notice")).to_contain_text("139 **** 9000")
    assert phone_of(user) == PHONE
    at = timezone.now() - WAITS - timedelta(minutes=1)
    ContactChange.objects.update(old_proved_at=at, confirmed_at=at, takes_effect_at=at + WAITS)
    contact_settling.settle_due()
    assert phone_of(user) == NEW_PHONE

    person.follows("/account/data/")
    with person.page.expect_download() as download:
        person.page.locator("#step .btn[type=submit]").click()
    assert download.value.suggested_filename.startswith("my-data-")

    person.opens("/account/close/")
    person.page.locator("#step [name=via][value=email]").check()
    person.sends()
    person.sends(otp=digits(Proof.CLOSE))
    person.sees("Your account is closed")
    person.opens("/cards/")
    person.sees("Sign in")

    told = Message.objects.filter(kind="account_closed").latest("pk")
    person.opens(f"/not-me/{token_of(told.pk)}/")
    person.sends()
    person.sees("We have stopped it")
    assert User.objects.get(pk=user.pk).is_active
    change = Message.objects.filter(kind="contact_changed").latest("pk")
    person.opens(f"/not-me/{token_of(change.pk)}/")
    person.sends()
    person.sees("We have stopped it")
    assert phone_of(user) == PHONE

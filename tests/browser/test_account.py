"""Somebody changes their phone, downloads what we hold, closes the account, and says that it was not them: in
Chromium, in both languages, with JavaScript and without."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts import contact_settling
from accounts.models import ContactChange, User
from accounts.models.account_codes import Proof
from accounts.models.contact_changes import WAITS
from accounts.not_me import token_of
from accounts.tests.contacts import NEW_PHONE, PHONE
from messaging.models import Message
from tests.browser.accounts import digits, owner
from tests.browser.conftest import PHONE as SMALL


class Owner:
    """Somebody who is signed in, at a phone."""

    def __init__(self, page: Page, address: str, user: User) -> None:
        self.page, self.address, self.user = page, address, user

    def opens(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def follows(self, path: str) -> None:
        self.page.locator(f"main a[href='{path}']").click()

    def sends(self, **answers: str) -> None:
        for name, value in answers.items():
            self.page.locator(f"#step [name={name}]").fill(value)
        self.page.locator("#step .btn[type=submit]").click()

    def sees(self, heading: str, context: str = "") -> None:
        expect(self.page.locator("h1")).to_have_text(pgettext(context, heading) if context else gettext(heading))


@pytest.fixture(params=["zh-hans js", "zh-hans no-js", "en js", "en no-js"])
def person(
    request: pytest.FixtureRequest,
    live_server: LiveServer,
    transactional_db: None,
    new_context: Callable[..., BrowserContext],
) -> Iterator[Owner]:
    """In each language, with JavaScript and without."""
    language, script = request.param.split()
    context, user, client = new_context(**SMALL, java_script_enabled=script == "js"), owner(), Client()
    client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    kept = {"lang": language, **{name: morsel.value for name, morsel in client.cookies.items()}}
    context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in kept.items()])
    with translation.override(language):
        yield Owner(context.new_page(), live_server.url, user)


def phone_of(user: User) -> str:
    return str(User.objects.get(pk=user.pk).phone)


def test_a_phone_is_changed_a_day_later_denied_and_then_the_account_is_closed(person: Owner) -> None:
    person.opens("/cards/")
    person.follows("/account/")
    person.follows("/account/phone/")
    person.sends(contact="139 0013 9000")
    person.sends(otp=digits(Proof.OLD))
    person.sends(otp=digits(Proof.NEW))
    person.sees("My account", "title")
    expect(person.page.locator(".notice")).to_contain_text("139 **** 9000")
    assert phone_of(person.user) == PHONE
    at = timezone.now() - WAITS - timedelta(minutes=1)
    ContactChange.objects.update(old_proved_at=at, confirmed_at=at, takes_effect_at=at + WAITS)
    contact_settling.settle_due()
    assert phone_of(person.user) == NEW_PHONE

    person.follows("/account/data/")
    with person.page.expect_download() as download:
        person.sends()
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
    assert User.objects.get(pk=person.user.pk).is_active
    change = Message.objects.filter(kind="contact_changed").latest("pk")
    person.opens(f"/not-me/{token_of(change.pk)}/")
    person.sends()
    person.sees("We have stopped it")
    assert phone_of(person.user) == PHONE

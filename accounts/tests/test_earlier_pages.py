"""A page opened before its person signed in again in another tab: nothing is sent, what was typed is offered again."""

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import ContactChange, PinReset, User, UserSession
from accounts.tests.factories import CardBindingFactory, UserFactory
from accounts.tests.pins import NEW, OLD, own_card, pin_of
from accounts.tests.signing_in import a_browser, sign_in

pytestmark = pytest.mark.django_db
PHONE = "/account/phone/"
TYPED = {"contact": "13912345750"}
AGAIN = "You have signed in since this page was opened, so nothing was sent"
TOO_LONG = "This page was open for too long"


@pytest.fixture
def user() -> User:
    return UserFactory.create()


@pytest.fixture
def browser(user: User) -> Client:
    return sign_in(a_browser(), user)


def opened(browser: Client, address: str = PHONE) -> str:
    """Open a page and give the token in its form, as its browser would send it."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(address).content.decode())
    assert found
    return found[1]


def in_another_tab(browser: Client, user: User) -> None:
    UserSession.objects.update(ended_at=timezone.now())
    sign_in(browser, user)


def strictly(browser: Client, token: str, address: str = PHONE, **typed: str) -> HttpResponse:
    """Send the form as a browser does, with the CSRF check on."""
    browser.handler.enforce_csrf_checks = True
    answer = browser.post(address, {**typed, "csrfmiddlewaretoken": token}, follow=True)
    browser.handler.enforce_csrf_checks = False
    return answer  # type: ignore[return-value]


def test_what_was_typed_is_offered_after_a_fresh_look_and_nothing_is_done_before(browser: Client, user: User) -> None:
    token = opened(browser)
    in_another_tab(browser, user)
    page = strictly(browser, token, **TYPED).content.decode()
    assert AGAIN in page and 'value="13912345750"' in page
    assert not ContactChange.objects.exists()
    strictly(browser, opened(browser), **TYPED)
    assert ContactChange.objects.get().new == "+8613912345750"
    assert AGAIN not in browser.get(PHONE).content.decode()


def test_a_pin_is_not_kept_and_the_page_says_that_nothing_was_sent() -> None:
    user, card = own_card()
    browser = sign_in(a_browser(), user)
    address = f"/cards/{card.pk}/pin/change/"
    token = opened(browser, address)
    in_another_tab(browser, user)
    page = strictly(browser, token, address, old=OLD, pin=NEW, pin2=NEW).content.decode()
    assert AGAIN in page and NEW not in page and OLD not in page
    assert NEW not in str(dict(browser.session)) and OLD not in str(dict(browser.session))
    assert pin_of(card) == OLD and not PinReset.objects.exists()


def test_a_button_beside_the_form_does_nothing_either(browser: Client, user: User) -> None:
    token = opened(browser, "/account/devices/")
    in_another_tab(browser, user)
    assert AGAIN in strictly(browser, token, "/account/devices/", everywhere="1").content.decode()
    assert UserSession.objects.filter(ended_at=None).count() == 1


def forged(browser: Client, _token: str) -> str:
    return "x" * 32


def malformed(browser: Client, _token: str) -> str:
    return "<script>"


def of_another_browser(browser: Client, _token: str) -> str:
    return opened(sign_in(a_browser(), UserFactory.create()))


@pytest.mark.parametrize("token_of", [forged, malformed, of_another_browser])
def test_a_post_that_no_page_of_this_browser_made_leaves_nothing_behind(
    browser: Client, user: User, token_of: Callable[[Client, str], str]
) -> None:
    token = opened(browser)
    in_another_tab(browser, user)
    assert TOO_LONG in strictly(browser, token_of(browser, token), **TYPED).content.decode()
    assert "45750" not in browser.get(PHONE).content.decode()


def test_somebody_else_who_signed_in_on_the_same_computer_is_offered_nothing(browser: Client, user: User) -> None:
    token = opened(browser)
    in_another_tab(browser, UserFactory.create())
    assert TOO_LONG in strictly(browser, token, **TYPED).content.decode()
    assert "45750" not in browser.get(PHONE).content.decode()


def test_nor_is_anybody_where_it_is_not_known_whose_page_it_was(browser: Client, user: User) -> None:
    token = opened(browser)
    browser.session.delete()
    sign_in(browser, user)
    assert TOO_LONG in strictly(browser, token, **TYPED).content.decode()


def test_a_page_without_a_form_of_ours_says_that_it_was_open_for_too_long(browser: Client, user: User) -> None:
    token = opened(browser)
    in_another_tab(browser, user)
    assert TOO_LONG in strictly(browser, token, "/account/sign-out/").content.decode()
    assert browser.get("/cards/").status_code == 200


def test_somebody_else_s_card_is_missing_here_too(browser: Client, user: User) -> None:
    card = CardBindingFactory.create().card
    token = opened(browser)
    in_another_tab(browser, user)
    assert strictly(browser, token, f"/cards/{card.pk}/pin/", via="sms").status_code == 404

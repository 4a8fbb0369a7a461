"""Before a session ends a page says so, without JavaScript; signing in again loses neither place nor answers."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import ContactChange, User, UserSession
from accounts.models.sessions import ALTOGETHER, IDLE
from accounts.signing_in.time_left import ASKED, WARNED
from accounts.tests.factories import CardBindingFactory, StaffFactory, UserFactory
from accounts.tests.signing_in import a_browser, is_signed_in, sign_in
from pages.tests.dom import dom
from pages.times import clock

pytestmark = pytest.mark.django_db
AGAIN = "Sign in again now"
MINUTE = timedelta(minutes=1)
PHONE = "/account/phone/"


@pytest.fixture
def user() -> User:
    return UserFactory.create()


@pytest.fixture
def browser(user: User) -> Client:
    return sign_in(a_browser(), user)


def with_left(left: timedelta) -> None:
    """Let the session have begun so long ago that it has so much of its twelve hours left."""
    UserSession.objects.update(began_at=timezone.now() - ALTOGETHER + left)


def page_of(browser: Client, address: str = "/cards/") -> str:
    return browser.get(address).content.decode()


def test_in_the_last_half_hour_every_page_of_the_account_says_at_what_time_it_ends_and_how_to_go_on(
    browser: Client, user: User
) -> None:
    card = CardBindingFactory.create(user=user).card
    with time_machine.travel(timezone.now(), tick=False):
        with_left(WARNED)
        told = f"You will be signed out at {clock(timezone.now() + WARNED)}. For your security"
        for address in ("/cards/", PHONE, f"/cards/{card.pk}/", "/alerts/"):
            main = dom(browser.get(address).content).one("main").text
            assert told in main and AGAIN in main, address
        assert AGAIN not in page_of(browser, "/help/")
        with_left(WARNED + MINUTE)
        for address in ("/cards/", PHONE):
            assert AGAIN not in dom(browser.get(address).content).one("main").text


def test_nobody_is_signed_out_however_active_without_having_been_told(browser: Client) -> None:
    """Whoever asks for a page as seldom as a session allows is told at least once."""
    assert WARNED > IDLE
    told = False
    with time_machine.travel(timezone.now(), tick=False) as clock_of_all:
        while (answer := browser.get("/cards/")).status_code == 200:
            told = AGAIN in dom(answer.content).one("main").text
            clock_of_all.shift(IDLE)
    assert told


def test_signing_in_again_keeps_the_place_and_what_was_typed_and_changes_nothing(browser: Client, user: User) -> None:
    with_left(5 * MINUTE)
    button = dom(browser.get(PHONE).content).one("button", name="_again")
    assert (button.attrs["form"], "formnovalidate" in button.attrs) == ("step", True)
    asked = browser.post(PHONE, {"contact": "13912345750", "_again": "1"})
    assert asked["Location"] == "/account/sign-in/?next=%2Faccount%2Fphone%2F&ended=1&kept=1"
    assert not is_signed_in(browser)
    assert UserSession.objects.filter(ended_at=None).count() == 0
    sign_in(browser, user, query="?next=%2Faccount%2Fphone%2F")
    page = page_of(browser, PHONE)
    assert 'value="13912345750"' in page and "We kept what you typed" in page
    assert AGAIN not in dom(page).one("main").text
    assert not ContactChange.objects.exists()


def test_a_page_without_a_form_comes_back_too_with_its_own_address(browser: Client) -> None:
    with_left(5 * MINUTE)
    form = next(
        one
        for one in dom(browser.get("/alerts/?page=1").content).all("form")
        if one.attrs["action"] == "/alerts/?page=1"
    )
    assert form.one("button", name="_again").text == AGAIN
    assert browser.post("/cards/?of=1", {"_again": "1"})["Location"] == (
        "/account/sign-in/?next=%2Fcards%2F%3Fof%3D1&ended=1"
    )


def test_another_site_cannot_press_the_button(user: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    assert strict.post("/cards/", {"_again": "1"}).status_code == 403
    assert is_signed_in(strict)


def test_a_pin_typed_beside_the_button_is_not_kept(browser: Client, user: User) -> None:
    card = CardBindingFactory.create(user=user).card
    browser.post(f"/cards/{card.pk}/pin/change/", {"old": "482915", "pin": "739164", "pin2": "739164", "_again": "1"})
    assert "739164" not in str(dict(browser.session)) and "482915" not in str(dict(browser.session))


def test_a_page_left_open_says_when_it_ends_and_can_be_kept_open_from_another_one(browser: Client) -> None:
    """The line is hidden by the style sheet for the first 18 minutes (`test_idle_dialog.py` waits them)."""
    with time_machine.travel(timezone.now(), tick=False) as clock_of_all:
        line = dom(browser.get(PHONE).content).one("p", **{"class": "soon"})
        assert f"You will be signed out at {clock(timezone.now() + IDLE)}." in line.text
        stay = line.one("a")
        assert stay.attrs["target"] == "_blank"
        clock_of_all.shift(19 * MINUTE)
        stayed = browser.get(str(stay.attrs["href"])).content.decode()
        assert f"You are signed in until {clock(timezone.now() + IDLE)}" in stayed
        clock_of_all.shift(19 * MINUTE)
        assert browser.get(PHONE).status_code == 200


def test_with_javascript_the_question_comes_five_minutes_before_and_not_right_after_a_page_that_says_it(
    browser: Client,
) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        with_left(timedelta(hours=2))
        asks = dom(browser.get("/cards/").content).one("dialog", **{"aria-labelledby": "end-h"})
        assert asks.attrs["data-after"] == str(int((timedelta(hours=2) - ASKED).total_seconds()))
        with_left(ASKED)
        assert not dom(browser.get("/cards/").content).all("dialog", **{"aria-labelledby": "end-h"})


def test_staff_are_not_asked_for_a_code_they_do_not_have(client: Client) -> None:
    client.force_login(StaffFactory.create(), backend="django.contrib.auth.backends.ModelBackend")
    UserSession.objects.update(began_at=timezone.now() - timedelta(hours=9, minutes=50))
    assert AGAIN not in page_of(client)

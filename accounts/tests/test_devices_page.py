"""Where somebody is signed in is listed, and ended there at the next request."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import AccountEvent, Device, SignInCode, User, UserSession
from accounts.tests.factories import UserFactory
from accounts.tests.signing_in import CHROME, SAFARI, a_browser, a_code, is_signed_in, sign_in

pytestmark = pytest.mark.django_db
DEVICES = "/account/devices/"


@pytest.fixture
def user() -> User:
    return UserFactory.create()


@pytest.fixture
def phone(user: User) -> Client:
    return sign_in(a_browser(CHROME), user)


@pytest.fixture
def other(user: User) -> Client:
    return sign_in(a_browser(SAFARI, address="203.0.113.77"), user)


def listed(browser: Client) -> str:
    page = browser.get(DEVICES).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def session_of(browser: Client) -> UserSession:
    return UserSession.objects.get(pk=browser.session["signed_in"][0])


def test_each_session_is_told_with_its_device_place_and_moments(phone: Client, other: Client) -> None:
    page = listed(phone)
    assert "Chrome on Android This device Place The network that you use now" in page
    assert "Safari on iPhone Place Another network (its addresses begin with 203.0.113 )" in page
    assert page.count("Signed in ") == page.count("Last used ") == 2
    assert "203.0.113.77" not in page


def test_only_the_network_is_kept_of_an_address_and_two_words_of_a_browser(other: Client) -> None:
    session = session_of(other)
    assert (session.network, session.browser) == ("203.0.113.0/24", "Safari/iPhone")


def test_who_is_signed_out_there_is_out_at_the_next_request(phone: Client, other: Client) -> None:
    answer = phone.post(DEVICES, {"end": str(session_of(other).pk)}, follow=True)
    assert "That device is signed out" in answer.content.decode()
    assert "Safari" not in listed(phone)
    assert other.get("/cards/")["Location"] == "/account/sign-in/?next=%2Fcards%2F&ended=1"
    assert not is_signed_in(other)
    assert is_signed_in(phone)


def test_signing_out_everywhere_ends_all_of_them_and_the_codes_under_way(
    phone: Client, other: Client, user: User
) -> None:
    a_code(user)
    answer = phone.post(DEVICES, {"everywhere": "1"}, follow=True)
    assert "You have signed out everywhere" in answer.content.decode()
    for browser in (phone, other):
        assert browser.get("/cards/").status_code == 303
        assert not is_signed_in(browser)
    assert not SignInCode.objects.filter(user=user).live(timezone.now()).exists()
    assert not Device.objects.exists()


def test_what_was_ended_is_written_down(phone: Client, other: Client, user: User) -> None:
    for _press in range(2):
        phone.post(DEVICES, {"end": str(session_of(other).pk)})
    phone.post(DEVICES, {"everywhere": "1"})
    kinds = AccountEvent.objects.filter(user=user).order_by("pk").values_list("kind", flat=True)
    assert [*kinds] == ["signed_in_new_device", "signed_in_new_device", "session_ended", "signed_out_everywhere"]


def test_somebody_else_s_session_is_as_missing_as_none(phone: Client) -> None:
    stranger = sign_in(a_browser(), UserFactory.create())
    answers = [phone.post(DEVICES, {"end": one}) for one in (str(session_of(stranger).pk), str(uuid4()), "1")]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert stranger.get("/cards/").status_code == 200
    assert "Chrome on Android This device" in listed(phone)


def test_a_session_that_ended_by_time_or_by_signing_out_is_not_listed(phone: Client, other: Client) -> None:
    assert "Safari" in listed(phone)
    other.post("/account/sign-out/")
    assert "Safari" not in listed(phone)
    assert session_of(phone).ended_at is None


def test_who_was_idle_is_not_listed_any_more(user: User, phone: Client, other: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _visit in range(3):
            clock.shift(timedelta(minutes=10))
            page = listed(phone)
    assert "Safari" not in page and "Chrome" in page


def test_a_session_cannot_be_taken_on_by_the_row_of_another_account(phone: Client, user: User) -> None:
    stranger = sign_in(a_browser(), UserFactory.create())
    session = phone.session
    session["signed_in"] = stranger.session["signed_in"]
    session.save()
    assert phone.get("/cards/").status_code == 303

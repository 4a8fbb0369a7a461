"""What was typed into a page whose session had ended is offered again after signing in, to the same person only."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import CardBinding, ContactChange, User, UserSession
from accounts.tests.factories import CardBindingFactory, UserFactory
from accounts.tests.signing_in import a_browser, sign_in
from pages import fields
from pages.forms import PageForm

pytestmark = pytest.mark.django_db
PHONE = "/account/phone/"
TYPED = {"contact": "13912345750"}
KEPT = "We kept what you typed"


@pytest.fixture
def user() -> User:
    return UserFactory.create()


@pytest.fixture
def browser(user: User) -> Client:
    return sign_in(a_browser(), user)


def end_it() -> None:
    UserSession.objects.update(ended_at=timezone.now())


def page_of(browser: Client, address: str = PHONE) -> str:
    return browser.get(address).content.decode()


def test_what_was_typed_is_offered_in_the_same_form_once_signed_in_and_changes_nothing_before(
    browser: Client, user: User
) -> None:
    end_it()
    asked = browser.post(PHONE, TYPED)
    assert asked["Location"] == "/account/sign-in/?next=%2Faccount%2Fphone%2F&ended=1&kept=1"
    assert "Sign in to go on: we keep what you typed" in page_of(browser, asked["Location"])
    sign_in(browser, user, query="?next=%2Faccount%2Fphone%2F")
    page = page_of(browser)
    assert KEPT in page and 'value="13912345750"' in page
    assert not ContactChange.objects.exists()
    assert browser.post(PHONE, TYPED, follow=True).status_code == 200
    assert ContactChange.objects.get().new == "+8613912345750"
    assert KEPT not in page_of(browser)


def test_it_waits_for_whoever_is_away_when_time_ends_the_session(browser: Client, user: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        clock.shift(timedelta(minutes=25))
        browser.post(PHONE, TYPED)
        clock.shift(timedelta(minutes=5))
        sign_in(browser, user)
        assert KEPT in page_of(browser)


def test_it_is_forgotten_after_twenty_minutes(browser: Client, user: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        end_it()
        browser.post(PHONE, TYPED)
        clock.shift(timedelta(minutes=21))
        sign_in(browser, user)
        assert KEPT not in page_of(browser) and "45750" not in page_of(browser)


@pytest.mark.parametrize("looked_first", [True, False], ids=["after a look", "at once"])
def test_somebody_else_on_the_same_computer_is_offered_nothing(browser: Client, looked_first: bool) -> None:
    end_it()
    if looked_first:
        browser.get("/cards/")
    browser.post(PHONE, TYPED)
    sign_in(browser, UserFactory.create())
    page = page_of(browser)
    assert KEPT not in page and "45750" not in page


def test_nor_is_somebody_else_after_the_first_has_signed_out(browser: Client) -> None:
    browser.post("/account/sign-out/")
    browser.post(PHONE, TYPED)
    sign_in(browser, UserFactory.create())
    assert "45750" not in page_of(browser)


def test_after_twelve_hours_it_is_still_known_whose_it_was(browser: Client, user: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        clock.shift(timedelta(hours=13))
        assert "kept=1" in browser.post(PHONE, TYPED)["Location"]
        sign_in(browser, UserFactory.create())
        assert "45750" not in page_of(browser)


def test_nothing_is_kept_of_a_page_of_which_nobody_knows_whose_it_was(browser: Client, user: User) -> None:
    browser.session.delete()
    assert "kept" not in browser.post(PHONE, TYPED)["Location"]
    sign_in(browser, user)
    assert "45750" not in page_of(browser)


def test_a_pin_is_not_kept_and_nobody_is_told_that_it_was(browser: Client, user: User) -> None:
    card = CardBindingFactory.create(user=user).card
    end_it()
    address = f"/cards/{card.pk}/pin/change/"
    asked = browser.post(address, {"old": "482915", "pin": "739164", "pin2": "739164"})
    assert asked.status_code == 303 and "kept" not in asked["Location"]
    assert "739164" not in str(dict(browser.session)) and "482915" not in str(dict(browser.session))


class EveryField(PageForm):
    """One of each kind."""

    code = fields.CodeField()
    card_number = fields.CardNumberField()
    otp = fields.OtpField()
    pin = fields.PinField()
    idno = fields.DocumentNumberField()
    name = fields.NameField()
    phone = fields.PhoneField()
    ident = fields.ContactField()
    tail = fields.TailField()


@pytest.mark.parametrize("mistyped", ["", "x"], ids=["well-formed", "mistyped"])
def test_neither_secrets_nor_codes_nor_whole_numbers_wait_mistyped_or_not(mistyped: str) -> None:
    from django.http import QueryDict  # noqa: PLC0415

    typed = {"code": "739102648853", "card_number": "6200000000002604", "otp": "048392", "pin": "739164"}
    typed |= {"idno": "110105194912310021", "name": "王小明", "phone": "13800138000", "tail": "2604"}
    posted = QueryDict(mutable=True)
    posted.update({name: f"{value}{mistyped}" for name, value in typed.items()})
    assert EveryField.kept_for_later(posted).keys() == {"name", "phone", "tail"}


def test_a_page_that_is_not_one_s_own_shows_nothing_of_it(browser: Client, user: User) -> None:
    binding = CardBindingFactory.create(user=user)
    end_it()
    address = f"/cards/{binding.card_id}/pin/"
    assert "kept=1" in browser.post(address, {"via": "sms"})["Location"]
    CardBinding.objects.update(ended_at=timezone.now())
    sign_in(browser, user)
    assert browser.get(address).status_code == 404


def test_what_no_page_of_ours_sends_is_not_read(browser: Client) -> None:
    end_it()
    assert browser.post(PHONE, {**TYPED, "contact": ["1", "2"]}).status_code == 400

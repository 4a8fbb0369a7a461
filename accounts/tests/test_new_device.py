"""A sign-in from a device that is new to an account is told to every contact, and "it was not me" ends it."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.loss.not_me import token_of
from accounts.models import AccountEvent, Case, Device, SignInCode, User
from accounts.models.cases import Done
from accounts.signing_in.new_device import build_notice
from accounts.tests.factories import CardBindingFactory, UserFactory
from accounts.tests.signing_in import CHROME, a_browser, a_code, is_signed_in, sign_in
from messaging.models import Message
from messaging.rendering import render

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return UserFactory.create()


def notices() -> list[Message]:
    return list(Message.objects.filter(kind="new_device").order_by("pk"))


def test_every_contact_is_told_once_for_a_device(user: User) -> None:
    browser = sign_in(a_browser(CHROME), user)
    assert [message.channel for message in notices()] == ["sms", "email"]
    browser.post("/account/sign-out/")
    sign_in(browser, user)
    assert len(notices()) == 2
    sign_in(a_browser(CHROME), user)
    assert len(notices()) == 4


def test_the_cookie_is_for_us_alone_and_says_nothing(user: User) -> None:
    cookie = sign_in(a_browser(), user).cookies["device"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 400 * 24 * 3600)
    assert len(cookie.value) == 43
    assert cookie.value not in str(Device.objects.values_list())


@pytest.mark.parametrize("sent", ["", "short", "x" * 44, "\u4e2d" * 43])
def test_a_cookie_that_is_none_of_ours_is_replaced(user: User, sent: str) -> None:
    browser = a_browser()
    browser.cookies["device"] = sent.encode().decode("latin-1")
    sign_in(browser, user)
    assert len(browser.cookies["device"].value) == 43
    assert len(notices()) == 2


def test_two_accounts_on_one_device_cannot_be_linked(user: User) -> None:
    browser = sign_in(a_browser(), user)
    browser.post("/account/sign-out/")
    other = UserFactory.create()
    sign_in(browser, other)
    indexes = Device.objects.values_list("cookie_index", flat=True)
    assert len(set(indexes)) == len(indexes) == 2
    assert {message.subject_id for message in notices()} == {s.pk for u in (user, other) for s in u.sessions.all()}


def test_the_notice_names_device_and_moment_and_how_to_stop_it(user: User) -> None:
    sign_in(a_browser(CHROME), user)
    for message in notices():
        envelope = build_notice(message)
        assert envelope is not None and envelope.to == (user.phone if message.channel == "sms" else user.email)
        text = render(message, envelope).text
        assert f"/not-me/{token_of(message.pk)}/" in text
        assert ("Chrome on Android" in text) == (message.channel == "email")


def test_the_text_of_a_mainland_programme_has_the_end_of_the_number_and_no_link(user: User) -> None:
    programme = CardBindingFactory.create(user=user).card.programme
    programme.fixed_text_sms = True
    programme.save()
    sign_in(a_browser(), user)
    message = notices()[0]
    envelope = build_notice(message)
    assert envelope is not None and message.programme_code == programme.code
    text = render(message, envelope).text
    assert user.phone[-4:] in text and "http" not in text and user.phone not in text


def test_a_contact_that_has_changed_meanwhile_gets_nothing(user: User) -> None:
    sign_in(a_browser(), user)
    user.email = "somebody.else@example.com"
    user.save()
    assert [build_notice(message) is None for message in notices()] == [False, True]


def test_it_was_not_me_signs_every_device_out_and_opens_a_case(user: User) -> None:
    mine, theirs = sign_in(a_browser(), user), sign_in(a_browser(), user)
    a_code(user)
    address = f"/not-me/{token_of(notices()[-1].pk)}/"
    reader = Client(headers={"accept-language": "en"})
    page = reader.get(address).content.decode()
    assert "sign out every device" in page and "We freeze the card" not in page
    assert is_signed_in(theirs) and theirs.get("/cards/").status_code == 200
    told = reader.post(address, follow=True).content.decode()
    case = Case.objects.get()
    assert (case.user, case.card, case.done) == (user, None, [Done.SIGNED_OUT, Done.CODES_REVOKED])
    assert "Every device was signed out" in told and case.reference in told
    assert [browser.get("/cards/").status_code for browser in (mine, theirs)] == [303, 303]
    assert not SignInCode.objects.filter(user=user).live(timezone.now()).exists()
    assert AccountEvent.objects.filter(user=user, kind="denied").get().facts == {"reference": case.reference}


def test_pressed_again_it_ends_nothing_that_began_later(user: User) -> None:
    sign_in(a_browser(), user)
    address = f"/not-me/{token_of(notices()[0].pk)}/"
    Client().post(address)
    later = sign_in(a_browser(), user)
    Client().post(address)
    assert later.get("/cards/").status_code == 200


def test_after_it_was_not_me_the_same_device_is_new_again(user: User) -> None:
    browser = sign_in(a_browser(), user)
    Client().post(f"/not-me/{token_of(notices()[0].pk)}/")
    browser.get("/cards/")
    sign_in(browser, user)
    assert len(notices()) == 4

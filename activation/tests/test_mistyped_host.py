"""A likely slip in the host of an email address is asked about once, before anything is counted or sent."""

import pytest

from accounts.models import CodeRequest
from activation.models import ActivationAttempt
from activation.tests.browser import Browser
from activation.tests.journey import at_contact
from cards.tests.factories import CardFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db

ASKED = "Did you mean"
NUMBER = "6200000000002604"


def at(address: str) -> Browser:
    ProgrammeFactory.create()
    browser = Browser()
    browser.open(address)
    return browser


def typed(browser: Browser, contact: str) -> None:
    if "/code/new/" in browser.at:
        browser.fill(card_number=NUMBER, contact=contact)
    else:
        browser.fill(ident=contact)


@pytest.mark.parametrize("address", ["/code/new/", "/account/sign-in/"])
def test_slip_is_asked_about_and_the_same_answer_again_is_meant(address: str) -> None:
    browser = at(address)
    typed(browser, "xiaoming@qq.con")
    assert ASKED in browser.text and '<bdi class="nb" dir="ltr">qq.com</bdi>' in browser.text
    assert "xiaoming@qq.con" in browser.text
    assert not CodeRequest.objects.exists()
    typed(browser, "xiaoming@qq.con")
    assert ASKED not in browser.text
    assert CodeRequest.objects.count() == 1


@pytest.mark.parametrize("address", ["/code/new/", "/account/sign-in/"])
def test_corrected_answer_goes_on_and_another_slip_is_asked_about_again(address: str) -> None:
    browser = at(address)
    typed(browser, "xiaoming@qq.con")
    typed(browser, "xiaoming@gmial.com")
    assert ASKED in browser.text and "gmail.com" in browser.text
    typed(browser, "xiaoming@gmail.com")
    assert ASKED not in browser.text
    assert CodeRequest.objects.count() == 1


def test_doubled_press_of_the_first_page_does_not_count_as_meant() -> None:
    browser = at("/account/sign-in/")
    for _press in range(2):
        browser.send("/account/sign-in/", ident="xiaoming@qq.con")
    assert ASKED in browser.text
    assert not CodeRequest.objects.exists()


def test_slip_at_the_contact_step_costs_no_try_and_a_meant_one_is_told_like_any_other() -> None:
    browser = at_contact(CardFactory.create(email="xiaoming@qq.com"))
    browser.fill(phone="", email="xiaoming@qq.con", via="email")
    assert ASKED in browser.text
    browser.fill(phone="", email="xiaoming@qq.con", via="email")
    assert "registered for the card" in browser.text and ASKED not in browser.text
    browser.fill(phone="", email="xiaoming@qq.com", via="email")
    assert browser.at.endswith("/confirm-contact/code/")
    assert ActivationAttempt.objects.get().contact == "xiaoming@qq.com"


def test_question_is_the_same_whether_the_address_is_known_or_not() -> None:
    CardFactory.create(number=NUMBER, email="xiaoming@qq.com")
    known, unknown = at("/code/new/"), at("/code/new/")
    typed(known, "xiaoming@qq.con")
    typed(unknown, "somebody@qq.con")
    assert ASKED in known.text and ASKED in unknown.text


def test_question_is_asked_in_chinese_too_and_survives_a_change_of_language() -> None:
    browser = at("/account/sign-in/")
    typed(browser, "xiaoming@qq.con")
    browser.send(f"{browser.at}?e=1", ident="xiaoming@qq.con", _lang="zh-hans")
    assert "qq.com" in browser.text and "如果没有输错" in browser.text
    typed(browser, "xiaoming@qq.con")
    assert CodeRequest.objects.count() == 1

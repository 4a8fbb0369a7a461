"""The story of the journey, as a person plays it."""

import pytest

from accounts.models import CardBinding
from activation.models import ActivationAttempt, ContactCode
from activation.tests.browser import Browser
from activation.tests.factories import issue
from activation.tests.worker import verify_all
from cards.models import Card, Pin
from cards.pins import check_pin
from cards.tests.factories import CardFactory
from messaging.models import Message

pytestmark = pytest.mark.django_db


def start(card: Card, code: str) -> Browser:
    browser = Browser()
    browser.open("/activate/enter-code/")
    browser.fill(card_number=card.number, code=code)
    return browser


def test_a_person_with_a_code_from_an_email_activates_the_card() -> None:
    card = CardFactory.create()
    browser = start(card, issue(card).derive())
    assert browser.at.endswith("/confirm-identity/"), browser.text
    assert "step 2 of 5" in browser.text

    browser.fill(name=card.holder_name, idno=card.id_number)
    assert browser.at.endswith("/choose-pin/"), browser.text
    assert "step 4 of 5" in browser.text and "Step 3 is done" in browser.text
    browser.fill(pin="739146", pin2="739146")
    assert browser.at.endswith("/submit/"), browser.text
    assert "step 5 of 5" in browser.text
    assert card.id_number not in browser.text
    browser.fill(agree="on")
    assert browser.at.endswith("/wait/"), browser.text
    assert "We are checking your details" in browser.text
    assert "Check again now" in browser.text

    verify_all()
    browser.open(f"{browser.at}status/")
    assert 'data-heading="Check finished"' in browser.text
    browser.open(browser.at.removesuffix("status/"))
    assert "Your card is active" in browser.text
    assert "Check again now" not in browser.text
    browser.open(browser.at.replace("wait", "done"))
    assert "Library: works now" in browser.text

    card.refresh_from_db()
    assert card.state == "active"
    assert check_pin(card_id=card.pk, pin="739146")
    assert CardBinding.objects.live().get(card=card).user.email == card.email
    assert sorted(Message.objects.filter(kind="card_active").values_list("channel", flat=True)) == ["email", "sms"]


def test_a_person_with_a_code_from_a_letter_confirms_a_contact_too() -> None:
    card = CardFactory.create()
    browser = start(card, issue(card, "letter").derive())
    assert "step 2 of 5" in browser.text
    browser.fill(name=card.holder_name, idno=card.id_number)
    assert browser.at.endswith("/confirm-contact/")
    browser.fill(phone=card.phone, via="sms")
    assert browser.at.endswith("/confirm-contact/code/"), browser.text
    browser.fill(otp=ContactCode.objects.get().derive())
    assert browser.at.endswith("/choose-pin/"), browser.text
    assert "step 4 of 5" in browser.text and "Step 3 is done" not in browser.text


def test_wrong_details_end_the_attempt_and_can_be_corrected_on_the_same_code() -> None:
    card = CardFactory.create()
    browser = start(card, issue(card).derive())
    browser.fill(name="李四", idno=card.id_number)
    browser.fill(pin="739146", pin2="739146")
    browser.fill(agree="on")
    verify_all()
    first = ActivationAttempt.objects.get()
    browser.open(browser.at.replace("wait", "problem"))
    assert first.verdict == "not_matched"
    assert not Pin.objects.exists()
    browser.send(browser.at)
    assert browser.at.endswith("/confirm-identity/")
    assert first.reference not in browser.at
    assert "李四" in browser.text
    browser.fill(name=card.holder_name)
    assert browser.at.endswith("/choose-pin/"), browser.text
    browser.fill(pin="739146", pin2="739146")
    browser.fill(agree="on")
    verify_all()
    card.refresh_from_db()
    assert card.state == "active"


def test_what_was_typed_when_another_browser_had_gone_on_is_found_again() -> None:
    card = CardFactory.create()
    code = issue(card).derive()
    first, second = start(card, code), start(card, code)
    page = first.at
    assert first.open(page).status_code == 200 and first.at == "/activate/stopped/", "reloaded, it says so"
    first.send(page, name="王小明", idno=card.id_number)
    assert "You have continued this activation somewhere else" in first.text
    first.open("/activate/enter-code/")
    first.fill(card_number=card.number, code=code)
    assert first.at == page and 'value="王小明"' in first.text and card.id_number not in first.text
    assert second.open(page).status_code == 200 and second.at == "/activate/stopped/"

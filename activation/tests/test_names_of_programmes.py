"""The name of a programme is a name: it stands everywhere as the issuer wrote it."""

import pytest

from accounts.tests.factories import CardBindingFactory
from activation.tests.journey import PIN, at_pin
from activation.tests.worker import verify_all
from cards.models import Card
from cards.tests.factories import CardFactory, ProgrammeFactory
from pages.tests.browser import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def card() -> Card:
    programme = ProgrammeFactory.create(names={"en": "eSIM", "zh-hans": "eSIM"})
    waiting: Card = CardFactory.create(programme=programme)
    return waiting


def test_a_name_that_begins_with_a_small_letter_keeps_it_through_the_journey(card: Card) -> None:
    browser = at_pin(card, "email")
    seen = [browser.text]
    browser.fill(pin=PIN, pin2=PIN)
    seen.append(browser.text)
    browser.fill(agree="on")
    verify_all()
    browser.open(browser.at.replace("wait", "done"))
    seen.append(browser.text)
    assert all("eSIM activation</title>" in page for page in seen)
    assert "eSIM, ending in" in seen[1] and "eSIM, ending in" in seen[2]
    assert not any("ESIM" in page for page in seen)


def test_it_keeps_it_in_the_account_too(card: Card) -> None:
    card.state, card.activated_at = "active", card.created_at
    card.save()
    binding = CardBindingFactory.create(card=card)
    browser = Browser()
    browser.client.force_login(binding.user, backend="accounts.backends.OneTimeCodeBackend")
    for path in ("/cards/", f"/cards/{card.pk}/", f"/cards/{card.pk}/lost/", "/account/close/"):
        browser.open(path)
        assert "eSIM" in browser.text and "ESIM" not in browser.text, path


def test_a_card_that_nobody_can_hold_has_no_number_on_its_front() -> None:
    for kind, hint in (("esim", "The full number of the eSIM (ICCID)"), ("identity", "on the front of the card")):
        programme = ProgrammeFactory.create(kind=kind, code=kind)
        for path in ("activate/enter-code/", "code/new/", "pin/forgot/"):
            browser = Browser()
            browser.open(f"/{programme.code}/{path}")
            assert hint in browser.text and ("front" in browser.text) == (kind == "identity"), path

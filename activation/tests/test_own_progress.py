"""A card that is not active yet leads on from "my cards"; its owner looks at its check in any browser."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.tests.adding import signed_in
from accounts.tests.factories import CardBindingFactory, UserFactory
from activation.models import ActivationAttempt
from activation.tests.journey import at_submit, at_wait, the_attempt
from cards.models import Card
from cards.tests.factories import CardFactory
from pages.tests.browser import Browser

pytestmark = pytest.mark.django_db
PHONE = "+8613800138042"


@pytest.fixture
def owner() -> User:
    person: User = UserFactory.create(phone=PHONE)
    return person


@pytest.fixture
def card() -> Card:
    registered: Card = CardFactory.create(number="6200000000002604", phone=PHONE)
    return registered


def page_of(name: str) -> str:
    return f"/activate/{the_attempt().reference}/{name}/"


def answered(verdict: str) -> None:
    at = timezone.now()
    ActivationAttempt.objects.update(verdict=verdict, verdict_at=at, closed_at=at)


def test_a_card_in_the_account_that_waits_can_be_activated_from_there(owner: User, card: Card) -> None:
    CardBindingFactory.create(user=owner, card=card)
    browser = signed_in(owner)
    assert "Activate this card" in browser.text and "/activate/enter-code/" in browser.text


def test_a_card_in_the_account_that_is_being_checked_leads_to_its_progress(owner: User, card: Card) -> None:
    at_wait(card)
    CardBindingFactory.create(user=owner, card=card)
    browser = signed_in(owner)
    assert "See progress" in browser.text and page_of("wait") in browser.text
    assert "Activate this card" not in browser.text


def test_a_card_that_is_registered_to_the_account_leads_to_its_progress_from_any_browser(
    owner: User, card: Card
) -> None:
    at_wait(card)
    browser = signed_in(owner)
    assert "is being checked. See progress" in browser.text
    browser.open(page_of("wait"))
    assert browser.page.status_code == 200 and browser.at == page_of("wait")
    assert "We are checking your details" in browser.text


def test_after_a_yes_the_owner_reads_what_the_card_can_do_in_any_browser(owner: User, card: Card) -> None:
    at_wait(card)
    answered("passed")
    CardBindingFactory.create(user=owner, card=card)
    browser = signed_in(owner, page_of("wait"))
    assert page_of("done") in browser.text
    browser.open(page_of("done"))
    assert browser.at == page_of("done") and f"/cards/{card.pk}/summary/" in browser.text


def test_after_a_no_another_browser_leads_to_the_cards_and_corrects_nothing(owner: User, card: Card) -> None:
    at_wait(card)
    answered("not_matched")
    browser = signed_in(owner, page_of("wait"))
    assert page_of("problem") not in browser.text and 'href="/cards/"' in browser.text
    browser.open(page_of("problem"))
    assert browser.at != page_of("problem")
    browser.send(page_of("problem"))
    assert ActivationAttempt.objects.count() == 1


@pytest.mark.parametrize("who", ["somebody else", "nobody"])
@pytest.mark.parametrize("page", ["wait", "done"])
def test_nobody_else_reads_it(card: Card, who: str, page: str) -> None:
    at_wait(card)
    answered("passed")
    browser = signed_in(UserFactory.create()) if who == "somebody else" else Browser()
    browser.open(page_of(page))
    assert browser.at != page_of(page)


def test_an_attempt_that_is_not_submitted_is_for_its_browser_alone(owner: User, card: Card) -> None:
    at_submit(card)
    browser = signed_in(owner)
    for page in ("wait", "done", "submit"):
        browser.open(page_of(page))
        assert browser.at != page_of(page)


def test_the_done_page_offers_the_summary_to_who_is_not_signed_in_and_to_nobody_without_the_card(
    owner: User, card: Card
) -> None:
    browser: Any = at_wait(card)
    answered("passed")
    browser.open(page_of("done"))
    assert f"/cards/{card.pk}/summary/" in browser.text
    browser.client.force_login(owner, backend="accounts.backends.OneTimeCodeBackend")
    browser.open(page_of("done"))
    assert "/summary/" not in browser.text

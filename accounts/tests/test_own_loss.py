"""Freezing and unfreezing a card of one's own account, and what "my cards" says of it."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from accounts import code_requests
from accounts.models import LossReport
from accounts.models.loss_codes import Act
from accounts.models.loss_reports import LIFTABLE
from accounts.tests.factories import CardBindingFactory, UserFactory
from accounts.tests.losing import a_card, asks, digits_of, froze, state_of
from cards.dimensions import State
from cards.models import Card, CardEvent
from pages.tests.browser import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def card() -> Card:
    return a_card()


@pytest.fixture
def owner(card: Card) -> Browser:
    user = UserFactory.create(phone=card.phone, email=card.email)
    CardBindingFactory.create(user=user, card=card)
    browser = Browser()
    browser.client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    return browser


def freeze(owner: Browser, card: Card) -> None:
    owner.open(f"/cards/{card.pk}/lost/")
    owner.fill()


def test_one_press_freezes_it_without_a_code(owner: Browser, card: Card) -> None:
    freeze(owner, card)
    assert (owner.at, state_of(card)) == ("/lost/done/", State.SUSPENDED)
    event = CardEvent.objects.get(card=card, to_state=State.SUSPENDED)
    assert event.actor_id == owner.client.session["_auth_user_id"]


def test_my_cards_says_until_when_it_can_be_unfrozen_and_offers_that(owner: Browser, card: Card) -> None:
    freeze(owner, card)
    owner.open("/cards/")
    assert re.search(r"Frozen, you can unfreeze it until \d+ \w+(?: \d{4})?, \d\d:\d\d<", owner.text)
    assert f"/cards/{card.pk}/found/" in owner.text
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        owner.open("/cards/")
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        owner.open(f"/cards/{card.pk}/lost/")
        owner.fill(what="replace")
        owner.fill()
        owner.open("/cards/")
    assert "Reported lost, cannot be undone" in owner.text
    assert "/found/" not in owner.text.partition("<main")[2].partition("</main>")[0]


def test_unfreezing_wants_a_code_to_a_registered_contact_even_when_signed_in(owner: Browser, card: Card) -> None:
    freeze(owner, card)
    owner.open(f"/cards/{card.pk}/found/")
    owner.fill(via="email")
    assert (owner.at, state_of(card)) == ("/found/code/", State.SUSPENDED)
    code_requests.answer_waiting()
    owner.fill(otp=digits_of(card, Act.UNFREEZE))
    assert state_of(card) == State.ACTIVE


def links(browser: Browser) -> set[str]:
    """Where the page itself leads, without its frame."""
    return set(re.findall(r'href="([^"]+)"', browser.text.partition("<main")[2].partition("</main>")[0]))


def test_after_freezing_the_way_leads_back_to_my_cards_and_unfreezing_begins_there(owner: Browser, card: Card) -> None:
    freeze(owner, card)
    assert "/cards/" in links(owner)
    owner.fill(what="block")
    assert owner.at == "/lost/kept/"
    assert links(owner) == {"/cards/", f"/cards/{card.pk}/found/", "/lost/replace/"}


def test_who_has_no_such_card_in_an_account_unfreezes_it_by_the_form_for_everybody(card: Card) -> None:
    somebody = froze(card)
    somebody.fill(what="block")
    assert links(somebody) == {"/found/", "/lost/replace/"}
    somebody.client.force_login(UserFactory.create(), backend="accounts.backends.OneTimeCodeBackend")
    somebody.open("/lost/kept/")
    assert links(somebody) == {"/cards/", "/found/", "/lost/replace/"}


@pytest.mark.parametrize(("via", "mask"), [("sms", "138 **** 8000"), ("email", "x***@example.com")])
def test_the_contact_that_was_chosen_is_named_and_another_is_chosen_on_the_same_page(
    owner: Browser, card: Card, via: str, mask: str
) -> None:
    freeze(owner, card)
    owner.open(f"/cards/{card.pk}/found/")
    owner.fill(via=via)
    assert "Campus card activation" in owner.text
    assert mask in owner.text and "that you entered" not in owner.text and "If the details match" not in owner.text
    assert f"/cards/{card.pk}/found/" in links(owner) and "/found/" not in links(owner)


def test_a_contact_that_was_typed_is_not_taken_for_one_that_was_chosen(owner: Browser, card: Card) -> None:
    freeze(owner, card)
    owner.open(f"/cards/{card.pk}/found/")
    owner.fill(via="sms")
    asks("/found/", contact=card.email, at=owner)
    assert "We send it to the email address that you entered." in owner.text
    assert "/found/" in links(owner) and f"/cards/{card.pk}/found/" not in links(owner)


def test_after_seven_days_my_cards_names_the_hotline(owner: Browser, card: Card) -> None:
    freeze(owner, card)
    LossReport.objects.update(frozen_at=timezone.now() - LIFTABLE)
    owner.open("/cards/")
    assert "Frozen, call us" in owner.text


@pytest.mark.parametrize("path", ["lost", "found"])
def test_a_card_of_somebody_else_is_answered_like_none(owner: Browser, path: str) -> None:
    theirs = a_card(number="6200000000009999", state=State.ACTIVE if path == "lost" else State.SUSPENDED)
    with time_machine.travel(timezone.now(), tick=False):  # a page says when the session ends
        answers = [owner.client.get(f"/cards/{which}/{path}/") for which in (theirs.pk, uuid4())]
        answers += [owner.client.post(f"/cards/{which}/{path}/", {"via": "sms"}) for which in (theirs.pk, uuid4())]
    assert {answer.status_code for answer in answers} == {404}
    pages = [re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", answer.content) for answer in answers]
    assert pages[0] == pages[1] and pages[2] == pages[3]
    assert state_of(theirs) == (State.ACTIVE if path == "lost" else State.SUSPENDED)


def test_who_is_not_signed_in_is_asked_to(card: Card) -> None:
    browser = Browser()
    browser.open(f"/cards/{card.pk}/lost/")
    assert browser.at == "/account/sign-in/"
    assert state_of(card) == State.ACTIVE

"""Once a card is frozen, its holder may say when they last used it: kept sealed with the report, until that ends."""

import pytest
from django.db import connection
from django.utils import timezone

from accounts import services
from accounts.held import rows as held_rows
from accounts.models import LossReport
from accounts.tests.factories import CardBindingFactory, UserFactory
from accounts.tests.losing import a_card, froze
from cards.dimensions import State, Via
from cards.events import Actor
from cards.models import Card
from pages.tests.browser import Browser

pytestmark = pytest.mark.django_db

ASKED = "When did you last use it? (optional)"
SAID = "Yesterday at noon, in the canteen"


@pytest.fixture
def card() -> Card:
    return a_card()


def kept() -> str:
    said: str = LossReport.objects.get().last_used
    return said


@pytest.mark.parametrize("what", ["block", "replace"])
def test_what_is_said_is_kept_with_the_report_and_read_by_nobody_in_the_database(what: str, card: Card) -> None:
    browser = froze(card)
    assert ASKED in browser.text
    browser.fill(what=what, last_used=f"  {SAID}\r\n")
    assert kept() == SAID
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_used FROM accounts_lossreport")
        assert SAID.encode() not in bytes(cursor.fetchone()[0])
    assert SAID not in str(dict(browser.client.session))


def test_it_may_stay_empty(card: Card) -> None:
    browser = froze(card)
    browser.fill(what="block")
    assert (browser.at, kept()) == ("/lost/kept/", "")


def test_who_comes_back_finds_it_and_can_take_it_back(card: Card) -> None:
    browser = froze(card)
    browser.fill(what="block", last_used=SAID)
    browser.open("/lost/done/")
    assert f'value="{SAID}"' in browser.text
    browser.fill(what="block", last_used="")
    assert kept() == ""


def test_more_than_100_characters_are_refused_and_stay_to_be_shortened(card: Card) -> None:
    browser = froze(card)
    browser.fill(what="block", last_used="食" * 101)
    assert "When you last used it must be 100 characters or less, you entered 101" in browser.text
    assert "食" * 101 in browser.text
    assert kept() == ""
    browser.fill(what="block", last_used="食" * 100)
    assert kept() == "食" * 100


def test_a_choice_that_is_missing_loses_nothing_that_was_said(card: Card) -> None:
    browser = froze(card)
    browser.fill(last_used=SAID)
    assert f'value="{SAID}"' in browser.text
    assert kept() == ""


def test_of_a_report_that_has_ended_nothing_more_is_kept(card: Card) -> None:
    froze(card)
    services.unfreeze_card(card_id=card.pk, actor=Actor.cardholder(), channel=Via.WEB, reason="found")
    assert not services.note_last_use(report_id=LossReport.objects.get().pk, said=SAID)
    assert kept() == ""


def test_a_card_that_was_frozen_without_a_report_is_not_asked_about(card: Card) -> None:
    browser = froze(card)
    LossReport.objects.update(lifted_at=timezone.now())
    assert Card.objects.get().state == State.SUSPENDED
    browser.open("/lost/done/")
    assert ASKED not in browser.text
    browser.fill(what="block", last_used=SAID)
    assert kept() == ""


def test_its_holder_gets_it_with_what_we_hold(card: Card) -> None:
    user = UserFactory.create(phone=card.phone, email=card.email)
    CardBindingFactory.create(user=user, card=card)
    browser: Browser = froze(card)
    browser.fill(what="block", last_used=SAID)
    (row,) = held_rows.losses(user)
    assert (row["last_used"], row["lifted_at"]) == (SAID, None)

"""The link in a notice: nobody guesses it, looking changes nothing, one press stops everything and opens a case."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from accounts.loss.messages import build_notice
from accounts.loss.not_me import LINK_LIFE, message_of, token_of
from accounts.models import Case, LossReport
from accounts.models.cases import Done
from accounts.models.loss_codes import Act
from accounts.tests.losing import a_card, asks, digits_of, enters, froze, state_of
from cards.dimensions import State
from cards.models import Card, CardEvent
from cards.models.card_event import EventKind
from messaging.models import Message
from messaging.rendering import render
from messaging.tests.factories import make_message
from pages.tests.browser import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def card() -> Card:
    return a_card()


def unfrozen(card: Card) -> Message:
    """The notice that somebody has lifted a freeze."""
    froze(card)
    enters(asks("/found/", contact=str(card.email)), digits_of(card, Act.UNFREEZE))
    assert state_of(card) == State.ACTIVE
    return Message.objects.filter(kind="card_unfrozen", channel="email").get()


def opened(token: str) -> Browser:
    browser = Browser()
    browser.open(f"/not-me/{token}/")
    return browser


@pytest.mark.parametrize("kind", ["card_frozen", "card_unfrozen"])
def test_the_link_stands_in_mail_and_abroad_and_in_no_mainland_text(card: Card, kind: str) -> None:
    unfrozen(card)
    for message in Message.objects.filter(kind=kind):
        envelope = build_notice(message)
        assert envelope is not None
        link = f"/not-me/{token_of(message.pk)}/"
        assert link in render(message, envelope).text
        Card.objects.get(pk=card.pk).programme.__class__.objects.update(fixed_text_sms=True)
        fixed = build_notice(message)
        assert fixed is not None
        assert (link in render(message, fixed).text) == (message.channel == "email")
        Card.objects.get(pk=card.pk).programme.__class__.objects.update(fixed_text_sms=False)


def test_looking_changes_nothing_however_often_a_scanner_looks(card: Card) -> None:
    message = unfrozen(card)
    before = (CardEvent.objects.count(), Message.objects.count())
    for _look in range(3):
        assert "Was it not you?" in opened(token_of(message.pk)).text
        Browser().client.head(f"/not-me/{token_of(message.pk)}/")
    assert (CardEvent.objects.count(), Message.objects.count()) == before
    assert state_of(card) == State.ACTIVE and not Case.objects.exists()


def test_where_nothing_was_left_to_stop_the_page_does_not_say_that_it_stopped_it(card: Card) -> None:
    froze(card)
    notice = Message.objects.filter(kind="card_frozen", channel="email").get()
    browser = opened(token_of(notice.pk))
    browser.fill()
    assert Case.objects.get().done == []
    assert "We will look into it" in browser.text and "We have stopped it" not in browser.text


def test_one_press_freezes_the_card_and_opens_a_case_with_what_was_done(card: Card) -> None:
    browser = opened(token_of(unfrozen(card).pk))
    browser.fill()
    case = Case.objects.get()
    assert state_of(card) == State.SUSPENDED
    assert case.notice == "card_unfrozen" and Done.CARD_FROZEN in case.done
    assert case.reference in browser.text and "The card was frozen" in browser.text
    assert CardEvent.objects.get(card=card, kind=EventKind.DENIED).reference == case.reference
    assert LossReport.objects.latest("pk").reference == case.reference, "the notice of the freeze tells the same"


def test_pressed_again_it_shows_the_same_case(card: Card) -> None:
    token = token_of(unfrozen(card).pk)
    opened(token).fill()
    events = CardEvent.objects.count()
    Browser().send(f"/not-me/{token}/")
    assert Case.objects.count() == 1
    assert CardEvent.objects.count() == events


def test_a_week_later_the_link_leads_to_the_printed_address(card: Card) -> None:
    token = token_of(unfrozen(card).pk)
    with time_machine.travel(timezone.now() + LINK_LIFE):
        browser = opened(token)
        assert browser.at == "/not-me/" and "The link has ended, or a part of it is missing" in browser.text
        browser.send(f"/not-me/{token}/")
    assert not Case.objects.exists()


def test_a_token_is_of_one_message_only_and_no_message_of_another_kind_is_answered(card: Card) -> None:
    message = unfrozen(card)
    token, at = token_of(message.pk), timezone.now()
    assert message_of(token, at) == message
    other = Message.objects.filter(kind="card_frozen").latest("pk")
    forged = token_of(other.pk)[:22] + token[22:]
    code = make_message(kind="sign_in_code")
    for bad in (forged, token[:-2], token + "A", token.swapcase(), "", "ü" * 43, token_of(uuid4()), token_of(code.pk)):
        assert message_of(bad, at) is None


def test_the_printed_address_does_the_same_with_a_code(card: Card) -> None:
    browser = enters(asks("/not-me/"), digits_of(card, Act.NOT_ME))
    case = Case.objects.get()
    assert state_of(card) == State.SUSPENDED
    assert case.reference in browser.text
    assert re.search("Our staff look into it", browser.text)


def test_denying_a_freeze_keeps_the_card_frozen(card: Card) -> None:
    froze(card)
    notice = Message.objects.filter(kind="card_frozen").latest("pk")
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        opened(token_of(notice.pk)).fill()
    assert state_of(card) == State.SUSPENDED
    assert Case.objects.count() == 1

"""The current activation code of a card of one's own: shown after signing in, once a press, and counted."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.tests.factories import CardBindingFactory, UserFactory
from activation.models import ActivationCode
from activation.services import send_code
from cards.dimensions import Channel, Role, Via
from cards.events import Actor
from cards.models import Card, CardEvent
from cards.one_time_codes import group
from cards.tests.factories import CardFactory
from pages.tests.browser import Browser

pytestmark = pytest.mark.django_db
PHONE, EMAIL = "+8613800138042", "xiaoming@example.com"
PAGE = "/account/activation-code/"


def pending(**columns: Any) -> Card:
    card: Card = CardFactory.create(**{"phone": PHONE, "email": "", **columns})
    return card


def sent(card: Card, channel: Channel = Channel.SMS) -> str:
    """Have a code sent, and read it in the message."""
    actor = Actor.staff("", Role.AGENT)
    send_code(card_id=card.pk, by=channel, actor=actor, channel=Via.HOTLINE, reason="requested")
    return group(ActivationCode.objects.live(timezone.now()).get(card=card).derive())


@pytest.fixture
def owner() -> Browser:
    browser = Browser()
    browser.client.force_login(
        UserFactory.create(phone=PHONE, email=EMAIL), backend="accounts.backends.OneTimeCodeBackend"
    )
    return browser


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.EMAIL])
def test_a_press_shows_what_the_message_says_once_and_nowhere_else(owner: Browser, channel: Channel) -> None:
    card = pending(email=EMAIL)
    code = sent(card, channel)
    owner.open(PAGE)
    assert code not in owner.text
    owner.send(PAGE, card=str(card.pk))
    assert code in owner.text and "no-store" in owner.page["Cache-Control"]
    assert code not in str(owner.page.redirect_chain) and code not in str(dict(owner.client.session))
    owner.open(PAGE)
    assert code not in owner.text
    assert CardEvent.objects.get(card=card, kind="code_shown").channel == Via.WEB


def test_my_cards_leads_to_it(owner: Browser) -> None:
    owner.open("/cards/")
    assert PAGE not in owner.text
    sent(pending(number="6200000000002604"))
    owner.open("/cards/")
    assert PAGE in owner.text and "waits for activation" in owner.text


def test_an_expired_code_is_not_shown_and_the_page_says_where_to_get_another(owner: Browser) -> None:
    card = pending()
    code = sent(card)
    with time_machine.travel(timezone.now() + timedelta(minutes=15)):
        owner.send(PAGE, card=str(card.pk))
        assert code not in owner.text and "/code/new/" in owner.text
    assert not CardEvent.objects.filter(kind="code_shown").exists()


def test_a_card_of_somebody_else_is_not_shown(owner: Browser) -> None:
    card = pending(phone="+8613800138099")
    code = sent(card)
    owner.send(PAGE, card=str(card.pk))
    assert code not in owner.text and not CardEvent.objects.filter(kind="code_shown").exists()


def test_a_card_that_does_not_wait_is_not_shown(owner: Browser) -> None:
    card = pending()
    code = sent(card)
    Card.objects.filter(pk=card.pk).update(state="active", activated_at=timezone.now())
    owner.send(PAGE, card=str(card.pk))
    assert code not in owner.text and not CardEvent.objects.filter(kind="code_shown").exists()


def test_a_card_in_the_account_whose_registered_contact_is_another_persons_is_not_shown(owner: Browser) -> None:
    card = pending(phone="+8613800138099")
    code = sent(card)
    CardBindingFactory.create(card=card, user_id=owner.client.session["_auth_user_id"])
    owner.send(PAGE, card=str(card.pk))
    assert code not in owner.text


def test_it_is_shown_five_times_a_day(owner: Browser) -> None:
    card = pending(email=EMAIL)
    code = sent(card, Channel.EMAIL)
    for _press in range(5):
        owner.send(PAGE, card=str(card.pk))
        assert code in owner.text
    owner.send(PAGE, card=str(card.pk))
    assert code not in owner.text and "shown five times within a day" in owner.text
    assert CardEvent.objects.filter(kind="code_shown").count() == 5


@pytest.mark.parametrize("typed", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_an_id_of_nothing_shows_nothing(owner: Browser, typed: str) -> None:
    owner.send(PAGE, card=typed)
    assert owner.page.status_code == 200 and owner.at == PAGE


def test_who_is_not_signed_in_is_asked_to() -> None:
    browser = Browser()
    browser.send(PAGE, card="x")
    assert browser.at == "/account/sign-in/"

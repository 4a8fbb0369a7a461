"""P16: a new PIN, signed in and without an account."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts import code_requests
from accounts.models import PinReset, PinResetCode, User
from accounts.pins import settling as pin_settling
from accounts.services.begin_pin_reset import RESETS_A_DAY
from accounts.tests.factories import CardBindingFactory, UserFactory
from activation.tests.browser import Browser
from cards import pins
from cards.dimensions import PinStatus, State
from cards.models import Card
from cards.tests.factories import CardFactory, ProgrammeFactory, resident_id
from tests.browser.steps import opened
from vault import limits

OLD, NEW, OTHER = "739146", "820537", "604918"


def own_card(**columns: Any) -> tuple[User, Card]:
    ProgrammeFactory.create()
    card: Card = CardFactory.create(
        number="6200000000002604",
        id_number=resident_id(2604),
        phone="+8613800138000",
        email="xiaoming@example.com",
        **{"state": State.ACTIVE, **columns},
    )
    pins.choose_pin(card_id=card.pk, pin=OLD)
    pins.adopt_pin(card_id=card.pk)
    user: User = UserFactory.create(phone=card.phone, email=card.email)
    CardBindingFactory.create(user=user, card=card)
    return user, card


def at(page: str, **columns: Any) -> Browser:
    """A page of one's own card; columns are the card's afterwards."""
    user, card = own_card()
    Card.objects.filter(pk=card.pk).update(**columns)
    browser = Browser()
    browser.client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    browser.open(page if page.startswith("/") else f"/cards/{card.pk}/{page}")
    return browser


def asked(via: str = "sms", **columns: Any) -> Browser:
    browser = at("pin/", **columns)
    browser.fill(via=via)
    return browser


def code() -> str:
    code_requests.answer_waiting()
    return PinResetCode.objects.unfinished().get().derive()


def chosen() -> Browser:
    browser = asked()
    browser.fill(otp=code(), pin=NEW, pin2=NEW)
    return browser


def taken() -> Browser:
    browser = chosen()
    pin_settling.settle_waiting()
    browser.open(browser.at)
    return browser


def ended(outcome: str) -> Browser:
    browser = chosen()
    PinReset.objects.update(outcome=outcome, ended_at=timezone.now())
    browser.open(browser.at)
    return browser


def forgotten(**typed: str) -> Browser:
    _user, card = own_card()
    browser = Browser()
    browser.open("/campus/pin/forgot/")
    browser.fill(**{"card_number": card.number, "idno": card.id_number, **typed})
    return browser


def delayed() -> Browser:
    browser = forgotten()
    browser.fill(otp=code(), pin=NEW, pin2=NEW)
    return browser


def one_that_waits() -> Browser:
    delayed()
    browser = Browser()
    browser.client.force_login(User.objects.get(), backend="accounts.backends.OneTimeCodeBackend")
    browser.open(f"/cards/{Card.objects.get().pk}/pin/")
    return browser


def dropped() -> Browser:
    browser = one_that_waits()
    browser.send(browser.at, stop="1")
    return browser


def locked_code() -> Browser:
    browser = asked()
    for _try in range(6):
        browser.fill(otp="000000", pin=NEW, pin2=NEW)
    return browser


def wrong_old(pin: str = OTHER) -> Browser:
    browser = at("pin/change/")
    browser.fill(old=pin, pin=NEW, pin2=NEW)
    return browser


def same_pin() -> Browser:
    browser = at("pin/change/")
    browser.fill(old=OLD, pin=OLD, pin2=OLD)
    return browser


def reminded() -> Browser:
    browser = at("/cards/")
    Card.objects.get().pins.update(chosen_at=timezone.now() - timedelta(days=200))
    browser.open("/cards/")
    return browser


def remind(**answers: str) -> Browser:
    browser = at("/account/pin-reminder/")
    browser.send(browser.at, **answers)
    return browser


def too_many() -> Browser:
    browser = asked()
    for _reset in range(RESETS_A_DAY.tries):
        limits.count(RESETS_A_DAY, str(Card.objects.get().number_index))
    browser.fill(otp=code(), pin=NEW, pin2=NEW)
    return browser


def without_programme() -> Browser:
    browser = opened("/pin/forgot/")
    browser.fill(card_number="6200000000002604")
    return browser


WALKS = {
    "reset pin": lambda: at("pin/"),
    "reset pin, one waits": one_that_waits,
    "reset pin, dropped": dropped,
    "reset pin code": asked,
    "reset pin code of a locked pin": lambda: asked(pin_status=PinStatus.BLOCKED),
    "reset pin code locked": locked_code,
    "change pin": lambda: at("pin/change/"),
    "change pin that is locked": lambda: at("pin/change/", pin_status=PinStatus.BLOCKED),
    "pin being changed": chosen,
    "pin changed": taken,
    "pin not changed": lambda: ended("refused"),
    "pin of a frozen card": lambda: at("pin/", state=State.SUSPENDED),
    "pin of a card not activated": lambda: at("pin/", state=State.PENDING_ACTIVATION),
    "forgot pin": lambda: opened("/campus/pin/forgot/"),
    "forgot pin of no programme": lambda: opened("/pin/forgot/"),
    "forgot pin code": forgotten,
    "forgot pin done": delayed,
    "pin reminder": lambda: at("/account/pin-reminder/"),
    "my cards with an old pin": reminded,
}
WRONG = {
    "reset pin": {},
    "reset pin code": {"otp": "04839", "pin": "111", "pin2": ""},
    "change pin": {"old": "", "pin": NEW, "pin2": OTHER},
    "forgot pin": {"card_number": "62", "idno": "1"},
    "forgot pin of no programme": {"card_number": "", "idno": ""},
    "forgot pin code": {"otp": "", "pin": NEW, "pin2": OTHER},
}

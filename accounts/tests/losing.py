"""A person who loses a card, by Django's test client, and the worker that sends the code."""

from typing import Any

from accounts import code_requests
from accounts.loss.codes import Asked
from accounts.models import LossCode
from accounts.models.loss_codes import Act
from accounts.services import request_loss_code
from accounts.tests.codes import ADDRESS
from cards.dimensions import State
from cards.models import Card
from cards.tests.factories import CardFactory
from pages.tests.browser import Browser

NUMBER, PHONE, EMAIL = "6200000000002604", "+8613800138000", "xiaoming@example.com"


def a_card(state: State = State.ACTIVE, **more: Any) -> Card:
    card: Card = CardFactory.create(**{"number": NUMBER, "phone": PHONE, "email": EMAIL, "state": state, **more})
    return card


def digits_of(card: Card, act: Act = Act.FREEZE) -> str:
    """What the phone shows: the digits of the newest code for this act."""
    code = LossCode.objects.unfinished().filter(card=card, act=act).latest("issued_at")
    digits: str = code.derive()
    return digits


def asks(
    page: str = "/lost/", *, tail: str = "2604", contact: str = "13800138000", at: Browser | None = None
) -> Browser:
    """Fill in whose card it is; the worker answers."""
    browser = at or Browser()
    browser.open(page)
    browser.fill(tail=tail, contact=contact)
    code_requests.answer_waiting()
    return browser


def enters(browser: Browser, code: str) -> Browser:
    """Enter the six digits."""
    browser.fill(otp=code)
    return browser


def froze(card: Card) -> Browser:
    """A browser that has frozen the card."""
    return enters(asks(), digits_of(card))


def asked(act: Act = Act.FREEZE, *, tail: str = "2604", contact: str = PHONE, secret: str = "one browser") -> Asked:
    """What a page hands to the service, and the worker has answered."""
    typed = Asked(act, tail, contact, secret)
    request_loss_code(asked=typed, address=ADDRESS)
    code_requests.answer_waiting()
    return typed


def state_of(card: Card) -> str:
    """The state in the database now."""
    return Card.objects.values_list("state", flat=True).get(pk=card.pk)

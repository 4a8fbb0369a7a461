"""Somebody who adds a card to their account, their own or that of somebody they help, and the worker."""

from typing import Any

from django.utils import timezone

from accounts import code_requests, services
from accounts.binding.codes import Asked
from accounts.models import BindingCode, CardHelper, User
from accounts.models.binding_codes import Whose
from accounts.tests.codes import ADDRESS
from accounts.tests.losing import EMAIL, PHONE
from cards.dimensions import State
from cards.models import Card
from cards.tests.factories import CardFactory
from pages.tests.browser import Browser

BACKEND = "accounts.backends.OneTimeCodeBackend"


def a_card(state: State = State.ACTIVE, **more: Any) -> Card:
    """A card in use, in nobody's account, whose holder reads PHONE and EMAIL."""
    known: dict[str, Any] = {"number": "6200000000002604", "phone": PHONE, "email": EMAIL, "state": state}
    if state in (State.BLOCKED, State.TERMINATED):
        known["activated_at"] = timezone.now()
    card: Card = CardFactory.create(**{**known, **more})
    return card


def signed_in(user: User, at: str = "/cards/") -> Browser:
    browser = Browser()
    browser.client.force_login(user, backend=BACKEND)
    browser.open(at)
    return browser


def asks(browser: Browser, whose: str = Whose.OWN, *, tail: str = "2604", contact: str = "13800138000") -> Browser:
    """Fill in whose card it is; the worker answers."""
    browser.open("/cards/add/")
    browser.fill(whose=whose, tail=tail, contact=contact)
    code_requests.answer_waiting()
    return browser


def digits_of(card: Card, whose: str = Whose.OWN) -> str:
    """What the holder's phone shows."""
    code = BindingCode.objects.unfinished().filter(card=card, whose=whose).latest("issued_at")
    digits: str = code.derive()
    return digits


def asked(
    user: User, whose: str = Whose.OWN, *, tail: str = "2604", contact: str = PHONE, secret: str = "one browser"
) -> Asked:
    """What a page hands to the service, and the worker has answered."""
    typed = Asked(str(user.pk), whose, tail, contact, secret)
    services.request_binding_code(asked=typed, address=ADDRESS)
    code_requests.answer_waiting()
    return typed


def helps(user: User, card: Card, place: int = 1) -> CardHelper:
    """The holder has agreed."""
    return CardHelper.objects.create(user=user, card=card, place=place, since=timezone.now())

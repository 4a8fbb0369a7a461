"""The three doors that a code opens, each just before its code is entered."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import F

from accounts import code_requests
from accounts.models import SignInCode
from accounts.tests.factories import UserFactory
from activation.models import ActivationAttempt, ActivationCode, ContactCode
from activation.tests.browser import Browser
from activation.tests.factories import issue
from activation.tests.journey import at_contact_code
from cards.models import Card
from cards.one_time_codes import OneTimeCode
from cards.tests.factories import CardFactory

PHONE = "+8613800138000"
Door = tuple[OneTimeCode, Callable[[], bool]]
"""The code, and: enter it and say whether it was accepted."""


def activation_door(channel: str = "sms") -> Door:
    card: Card = CardFactory.create()
    code = issue(card, channel)

    def enter() -> bool:
        browser = Browser()
        browser.open("/activate/enter-code/")
        browser.fill(card_number=card.number, code=code.derive())
        return browser.at.endswith("/confirm-identity/") or ActivationAttempt.objects.exists()

    return code, enter


def contact_door() -> Door:
    browser = at_contact_code(CardFactory.create())
    code = ContactCode.objects.get()

    def enter() -> bool:
        browser.fill(otp=code.derive())
        return ActivationAttempt.objects.get().contact_confirmed_at is not None

    return code, enter


def sign_in_door() -> Door:
    UserFactory.create(phone=PHONE)
    browser = Browser()
    browser.open("/account/sign-in/")
    browser.fill(ident=PHONE)
    code_requests.answer_waiting()
    code = SignInCode.objects.get()

    def enter() -> bool:
        browser.fill(otp=code.derive())
        browser.open("/cards/")
        return browser.at == "/cards/"

    return code, enter


DOORS = {
    "activation code by text message": activation_door,
    "activation code by letter": lambda: activation_door("letter"),
    "contact code": contact_door,
    "sign-in code": sign_in_door,
}


def let_expire(codes: type[OneTimeCode]) -> None:
    """Move the moments of all rows into the past, so that the real clock has passed them."""
    ago = F("expires_at") - F("issued_at") + timedelta(seconds=1)
    codes._default_manager.update(issued_at=F("issued_at") - ago, expires_at=F("expires_at") - ago)


ALL_CODES: tuple[type[OneTimeCode], ...] = (ActivationCode, ContactCode, SignInCode)

"""Bringing a browser to a step of the journey."""

from activation.models import ActivationAttempt, ContactCode
from activation.tests.browser import Browser
from activation.tests.factories import issue
from cards.models import Card

PIN = "739146"


def at_identity(card: Card, channel: str = "letter") -> Browser:
    browser = Browser()
    browser.open("/activate/enter-code/")
    browser.fill(card_number=card.number, code=issue(card, channel).derive())
    return browser


def at_contact(card: Card) -> Browser:
    browser = at_identity(card)
    browser.fill(name=card.holder_name, idno=card.id_number)
    return browser


def at_contact_code(card: Card) -> Browser:
    browser = at_contact(card)
    browser.fill(phone=card.phone, via="sms")
    return browser


def at_pin(card: Card, channel: str = "email") -> Browser:
    if channel in ("sms", "email"):
        browser = at_identity(card, channel)
        browser.fill(name=card.holder_name, idno=card.id_number)
        return browser
    browser = at_contact_code(card)
    browser.fill(otp=ContactCode.objects.get().derive())
    return browser


def at_submit(card: Card, channel: str = "email") -> Browser:
    browser = at_pin(card, channel)
    browser.fill(pin=PIN, pin2=PIN)
    return browser


def at_wait(card: Card, channel: str = "email") -> Browser:
    browser = at_submit(card, channel)
    browser.fill(agree="on")
    return browser


def the_attempt() -> ActivationAttempt:
    return ActivationAttempt.objects.select_related("card__programme", "code").latest("opened_at")

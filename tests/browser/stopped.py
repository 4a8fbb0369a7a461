"""The pages that say why the journey stops here."""

from datetime import timedelta

from django.utils import timezone

from accounts.sending_limits import SENDS_AN_HOUR
from activation.limits import IDENTITY_MISMATCHES
from activation.models import ActivationAttempt
from activation.tests.browser import Browser
from activation.tests.factories import issue
from activation.tests.journey import at_contact_code, at_identity, at_pin
from cards.tests.factories import CardFactory, ProgrammeFactory
from messaging.tests.factories import make_message
from tests.browser.steps import card, opened
from tests.browser.verdicts import ended
from vault import limits

WRONG_CODE = "000000"


def entering(number: str, *codes: str) -> Browser:
    browser = opened("/activate/enter-code/")
    for code in codes:
        browser.fill(card_number=number, code=code)
    return browser


def expired() -> Browser:
    held = card()
    return entering(held.number, issue(held, at=timezone.now() - timedelta(days=3)).derive())


def older() -> Browser:
    held = card()
    first = issue(held, superseded_at=timezone.now())
    issue(held)
    return entering(held.number, first.derive())


def older_than_one_that_went_two_ways() -> Browser:
    held = card()
    first = issue(held, superseded_at=timezone.now())
    code = issue(held, channel="sms", contact_index=None)
    at = timezone.now()
    about = {"kind": "activation_code", "subject_id": code.pk}
    lost = make_message(**about, contact_index=held.phone_index, sent_at=at, undelivered_at=at)
    mail = {"channel": "email", "contact_index": held.email_index, "to_masked": "x***@example.com"}
    make_message(**about, **mail, in_place_of=lost.pk, sent_at=at)
    return entering(held.number, first.derive())


def active() -> Browser:
    held = CardFactory.create(number="6200000000002604", state="active")
    return entering(held.number, issue(held).derive())


def elsewhere() -> Browser:
    held = card()
    code = issue(held).derive()
    first = entering(held.number, code)
    entering(held.number, code)
    first.open(first.at)
    return first


def closed() -> Browser:
    browser = at_identity(card())
    ActivationAttempt.objects.update(closed_at=timezone.now())
    browser.open(browser.at)
    return browser


def sends() -> Browser:
    held = card()
    for _send in range(3):
        limits.count(SENDS_AN_HOUR, held.number)
    browser = opened("/code/new/")
    browser.fill(card_number=held.number, contact=held.phone)
    return browser


def security_code() -> Browser:
    browser = at_contact_code(card())
    for _try in range(5):
        browser.fill(otp=WRONG_CODE)
    return browser


def mismatches() -> Browser:
    browser = ended("not_matched", "problem")
    for _mismatch in range(IDENTITY_MISMATCHES.tries + 1):
        limits.count(IDENTITY_MISMATCHES, str(ActivationAttempt.objects.get().card_id))
    browser.send(browser.at)
    return browser


def no_longer() -> Browser:
    browser = at_pin(card())
    held = ActivationAttempt.objects.get().card
    held.record_version += 1
    held.save()
    browser.fill(pin="739146", pin2="739146")
    if browser.at.endswith("/submit/"):
        browser.fill(agree="on")
    return browser


def too_young() -> Browser:
    ProgrammeFactory.create(minimum_age=120)
    held = card()
    browser = at_identity(held)
    browser.fill(name=held.holder_name, idno=held.id_number)
    return browser


def no_document() -> Browser:
    browser = at_identity(card())
    browser.open(f"{browser.at}document/")
    browser.fill(doc="none")
    return browser


WALKS = {
    "stopped: locked": lambda: entering(card().number, *[WRONG_CODE] * 5),
    "stopped: security code locked": security_code,
    "stopped: sends": sends,
    "stopped: mismatches": mismatches,
    "stopped: expired": expired,
    "stopped: older": older,
    "stopped: older than one that went two ways": older_than_one_that_went_two_ways,
    "stopped: active": active,
    "stopped: elsewhere": elsewhere,
    "stopped: closed": closed,
    "stopped: ended": lambda: opened("/activate/K7PM4QX2/confirm-identity/"),
    "stopped: no longer": no_longer,
    "stopped: too young": too_young,
    "stopped: no document": no_document,
}

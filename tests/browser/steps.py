"""P1 to P6 and P11: pages with a form of the journey."""

from django.utils import timezone

from activation.tests.browser import Browser
from activation.tests.journey import at_contact, at_contact_code, at_identity, at_pin, at_submit
from cards.identity_documents import DocumentType
from cards.models import Card
from cards.tests.factories import CardFactory, ProgrammeFactory, resident_id
from messaging.models import Message
from messaging.tests.factories import make_message


def card() -> Card:
    return CardFactory.create(
        number="6200000000002604",
        id_number=resident_id(2604),
        phone="+8613800138000",
        email="xiaoming@example.com",
    )


def opened(address: str) -> Browser:
    ProgrammeFactory.create()
    browser = Browser()
    browser.open(address)
    return browser


def of_any_document() -> Card:
    """A card of a programme that takes every kind of document."""
    ProgrammeFactory.create(id_types=DocumentType.values)
    return card()


def other_document() -> Browser:
    browser = at_identity(of_any_document())
    browser.open(f"{browser.at}?doc=passport")
    return browser


def choose_document() -> Browser:
    browser = at_identity(of_any_document())
    browser.open(f"{browser.at}document/")
    return browser


def identity_again() -> Browser:
    browser = at_submit(card())
    browser.open(browser.at.replace("submit", "confirm-identity"))
    return browser


def after_asking() -> Browser:
    asked = asked_for_code()
    asked.open("/activate/enter-code/")
    return asked


def asked_for_code() -> Browser:
    browser = opened("/code/new/")
    browser.fill(card_number="6200000000002604", contact="13800138000")
    return browser


def asked_too_early() -> Browser:
    browser = asked_for_code()
    browser.open("/code/new/")
    browser.fill(contact="13800138000")
    return browser


def sent_again() -> Browser:
    browser = at_contact_code(card())
    browser.fill(resend="1")
    return browser


def not_delivered() -> Browser:
    """The provider could not deliver the code, and a call to the same number was not answered."""
    browser = at_contact_code(card())
    first = Message.objects.get(kind="contact_code")
    at = timezone.now()
    lost = {"sent_at": at, "undelivered_at": at}
    Message.objects.filter(pk=first.pk).update(**lost)
    make_message(
        kind=first.kind,
        channel="voice",
        subject_id=first.subject_id,
        contact_index=first.contact_index,
        to_masked=first.to_masked,
        in_place_of=first.pk,
        **lost,
    )
    browser.open(browser.at)
    return browser


def was_sent() -> Browser:
    browser = at_contact_code(card())
    Message.objects.update(sent_at=timezone.now())
    browser.open(browser.at)
    return browser


WALKS = {
    "enter code": lambda: opened("/campus/activate/enter-code/"),
    "enter code of no programme": lambda: opened("/activate/enter-code/"),
    "enter code after asking": after_asking,
    "confirm identity": lambda: at_identity(card()),
    "confirm identity again": identity_again,
    "confirm identity by passport": other_document,
    "choose document": choose_document,
    "confirm contact": lambda: at_contact(card()),
    "contact code": lambda: at_contact_code(card()),
    "contact code that was sent": was_sent,
    "contact code not delivered": not_delivered,
    "contact code sent again too early": sent_again,
    "choose pin": lambda: at_pin(card()),
    "submit": lambda: at_submit(card()),
    "new code": lambda: opened("/code/new/"),
    "new code sent": asked_for_code,
    "new code too early": asked_too_early,
}
WRONG = {
    "enter code": {"card_number": "62 0000", "code": "７391—026"},
    "enter code of no programme": {},
    "confirm identity": {},
    "confirm identity again": {"name": "", "idno": "110105194912310021"},
    "confirm identity by passport": {"name": "王小明", "idno": "1"},
    "choose document": {},
    "confirm contact": {"phone": "123", "email": "z@", "via": "email"},
    "contact code": {"otp": "04839"},
    "choose pin": {"pin": "111111", "pin2": "111111"},
    "submit": {},
    "new code": {"card_number": "", "contact": "z@"},
}

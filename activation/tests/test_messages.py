"""What the journey's messages say, to whom, and when they are no longer said."""

import pytest
from django.conf import settings
from django.utils import timezone
from pytest_django import Settings

from accounts.contacts import mask
from activation.issuing import issue_activation_code, issue_contact_code
from activation.models import ActivationCode
from activation.tests.journey import PIN, at_contact_code, at_pin, at_wait, the_attempt
from activation.tests.worker import verify_all
from cards.dimensions import State, Via
from cards.events import Actor
from cards.models import Card
from cards.states import move
from cards.tests.factories import CardFactory, ProgrammeFactory
from messaging.kinds import Envelope, kind_named
from messaging.models import Message
from messaging.rendering import render

pytestmark = pytest.mark.django_db


@pytest.fixture
def card() -> Card:
    return CardFactory.create()


def build(message: Message) -> Envelope | None:
    kind = kind_named(message.kind)
    assert kind
    return kind.build(message)


def sent_by(card: Card, channel: str) -> Message:
    contact = next(contact for contact in card.registered_contacts() if contact.channel == channel)
    issue_activation_code(card, contact, timezone.now())
    return Message.objects.latest("created_at")


def test_the_activation_code_goes_by_email_in_groups_of_four(card: Card) -> None:
    envelope = build(sent_by(card, "email"))
    assert envelope
    assert envelope.to == card.email
    assert envelope.params["code"].replace(" ", "") == ActivationCode.objects.get().derive()
    assert len(envelope.params["code"].split()) == 3
    assert envelope.params["tail"] == card.number[-4:]
    assert envelope.params["link"] == f"{settings.PORTAL_URL}/campus/"


def test_a_fixed_text_promises_five_minutes_and_a_free_one_ten(card: Card) -> None:
    free = build(sent_by(card, "sms"))
    ProgrammeFactory.create()
    card.programme.fixed_text_sms = True
    card.programme.save()
    fixed = build(Message.objects.latest("created_at"))
    assert free
    assert fixed
    assert (free.params["minutes"], fixed.params["minutes"]) == ("10", "5")
    assert fixed.fixed_text


def test_a_programme_with_its_own_host_is_linked_there(card: Card, settings: Settings) -> None:
    settings.PORTAL_URL = "https://card.example.org"
    card.programme.host_name = "campus.example.org"
    card.programme.save()
    envelope = build(sent_by(card, "email"))
    assert envelope
    assert envelope.params["link"] == "https://campus.example.org/"


def test_a_code_that_has_died_is_not_sent(card: Card) -> None:
    message = sent_by(card, "sms")
    move(card_id=card.pk, to=State.TERMINATED, actor=Actor.issuer(), channel=Via.ADMIN, reason="lost")
    assert build(message) is None


def test_nothing_goes_to_a_contact_that_is_no_longer_registered(card: Card) -> None:
    message = sent_by(card, "sms")
    card.phone = "+8613900139000"
    card.save()
    assert build(message) is None


def test_the_security_code_goes_to_the_contact_that_was_given(card: Card) -> None:
    at_contact_code(card)
    envelope = build(Message.objects.get(kind="contact_code"))
    assert envelope
    assert envelope.to == card.phone
    assert envelope.params["code"] == issue_contact_code(the_attempt(), timezone.now()).derive()


def test_the_end_of_the_journey_is_told_with_its_reference(card: Card) -> None:
    at_wait(card)
    verify_all()
    told = [build(message) for message in Message.objects.filter(kind="card_active")]
    assert {envelope.to for envelope in told if envelope} == {card.phone, card.email}
    assert {envelope.params["reference"] for envelope in told if envelope} == {the_attempt().reference}


def test_who_activated_by_email_is_told_to_sign_in_by_email_on_the_page_and_by_message(card: Card) -> None:
    browser = at_pin(card, "email")
    browser.fill(pin=PIN, pin2=PIN)
    browser.fill(agree="on")
    verify_all()
    phone, email = mask(card.phone), mask(card.email)
    browser.open(browser.at.replace("wait", "done"))
    said = browser.text.partition("To see your card later, sign in with")[2].partition("See my cards")[0]
    assert email in said.partition("To sign in with")[0]
    assert phone in said.partition("To sign in with")[2]
    message = Message.objects.get(kind="card_active", channel="email")
    envelope = build(message)
    assert envelope
    assert envelope.params["link"] == f"{settings.PORTAL_URL}/campus/cards/"
    assert f"You sign in with {email}" in render(message, envelope).text

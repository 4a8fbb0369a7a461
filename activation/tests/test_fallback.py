"""A code that did not arrive goes by another way, with the same digits, and still proves only what it proves."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from accounts.contacts import index_of, mask
from accounts.fallback import next_way, send_instead
from accounts.sending_limits import count_send
from activation import fallback
from activation.issuing import issue_activation_code
from activation.models import ActivationCode, ContactCode
from activation.services import send_code
from activation.tests.browser import Browser
from activation.tests.journey import at_contact_code, the_attempt
from cards.dimensions import Channel, Role, State, Via
from cards.events import Actor
from cards.models import Card
from cards.tests.factories import CardFactory
from messaging.gateways.gateway import Outcome
from messaging.instead import look_for_another_way, look_for_other_ways
from messaging.models import Message
from messaging.outcomes import mark as mark_outcome
from messaging.preparing import prepare
from messaging.tallies import TallySheet
from vault.tests.concurrency import at_once

pytestmark = pytest.mark.django_db
PHONE, EMAIL = "+8613800138000", "zhang@qq.com"


@pytest.fixture(autouse=True)
def calls(settings: Settings) -> None:
    settings.VOICE_URL = "console:"


@pytest.fixture
def card() -> Card:
    return CardFactory.create(phone=PHONE, email=EMAIL, language="en")


def allow(card: Card, *ways: str) -> None:
    card.programme.code_fallback = list(ways)
    card.programme.save()


def send(card: Card, by: int = 0) -> Message:
    """The card's code goes to its phone (0) or email (1) and is taken by the gateway."""
    assert issue_activation_code(card, card.registered_contacts()[by], timezone.now())
    message = Message.objects.filter(kind="activation_code").latest("pk")
    Message.objects.filter(pk=message.pk).update(sent_at=timezone.now(), gateway="http", provider_id=str(message.pk))
    return Message.objects.get(pk=message.pk)


def not_delivered(message: Message) -> Message | None:
    """The provider says so; the message that goes instead, if one does."""
    mark_outcome(message, Outcome("undelivered"), gateway="http", provider_id=message.provider_id, sheet=TallySheet())
    return Message.objects.filter(in_place_of=message.pk).first()


def enter(card: Card, code: str) -> Browser:
    browser = Browser()
    browser.open("/activate/enter-code/")
    browser.fill(card_number=card.number, code=code)
    return browser


def words(message: Message) -> Any:
    parcel = prepare([message])[message.pk]
    assert parcel is not None
    return parcel


def test_the_same_code_goes_by_email_when_the_text_message_did_not_arrive(card: Card) -> None:
    first = send(card)
    second = not_delivered(first)
    assert second is not None
    assert (second.channel, second.contact_index, second.to_masked) == ("email", index_of(EMAIL), mask(EMAIL))
    assert (second.subject_id, second.deadline, second.kind) == (first.subject_id, first.deadline, first.kind)
    assert (second.language, second.programme_code, second.urgent) == ("en", "campus", True)
    digits = ActivationCode.objects.get().derive()
    assert digits in words(second).text
    assert words(second).to == EMAIL
    assert enter(card, digits).at.endswith("/confirm-identity/")


def test_a_code_that_went_to_two_contacts_confirms_neither(card: Card) -> None:
    not_delivered(send(card))
    browser = enter(card, ActivationCode.objects.get().derive())
    attempt = the_attempt()
    assert (attempt.contact, attempt.contact_index, attempt.contact_confirmed_at) == ("", None, None)
    browser.fill(name=card.holder_name, idno=card.id_number)
    assert browser.at.endswith("/confirm-contact/"), "so the journey asks"


def test_without_that_reading_the_email_would_confirm_the_phone(card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin that only sends: what the protection is for."""

    def naive(message: Message) -> bool:
        contact = card.registered_contacts()[1]
        return send_instead(message, contact, counted_for=card.number)

    message = send(card)
    assert naive(message)
    enter(card, ActivationCode.objects.get().derive())  # by somebody who reads the email only
    attempt = the_attempt()
    assert (attempt.contact, attempt.contact_confirmed_at is not None) == (PHONE, True)


def test_a_call_to_the_same_number_leaves_the_proof_as_it_was(card: Card) -> None:
    allow(card, "voice", "email")
    call = not_delivered(send(card))
    assert call is not None
    assert (call.channel, call.contact_index) == ("voice", index_of(PHONE))
    assert words(call).to == PHONE
    enter(card, ActivationCode.objects.get().derive())
    assert (the_attempt().contact, the_attempt().contact_confirmed_at is not None) == (PHONE, True)


def test_every_way_is_gone_once_in_the_order_of_the_policy(card: Card) -> None:
    allow(card, "voice", "email", "sms")
    ways: list[tuple[str, str]] = []
    message: Message | None = send(card)
    while message is not None and len(ways) < 9:
        ways.append((message.channel, message.to_masked))
        Message.objects.filter(pk=message.pk).update(sent_at=timezone.now(), gateway="http")
        message = not_delivered(message)
    assert ways == [("sms", mask(PHONE)), ("voice", mask(PHONE)), ("email", mask(EMAIL))]


def test_a_second_copy_that_does_not_arrive_goes_no_way_twice(card: Card) -> None:
    assert not_delivered(send(card)) is not None
    ActivationCode.objects.update(contact_index=index_of(PHONE))  # as if the same code were sent once more
    assert not_delivered(send(card)) is None


@pytest.mark.parametrize("ways", [[], ["sms"]])
def test_a_programme_may_allow_no_other_way(card: Card, ways: list[str]) -> None:
    allow(card, *ways)
    assert not_delivered(send(card)) is None
    assert ActivationCode.objects.get().contact_index == index_of(PHONE)


def test_an_installation_without_calls_makes_none(card: Card, settings: Settings) -> None:
    settings.VOICE_URL = ""
    allow(card, "voice")
    assert not_delivered(send(card)) is None


def test_who_has_no_other_contact_gets_nothing(card: Card) -> None:
    assert not_delivered(send(CardFactory.create(phone=PHONE, email=""))) is None


def test_twelve_digits_do_not_fit_into_a_fixed_text(card: Card) -> None:
    allow(card, "sms", "voice")
    card.programme.fixed_text_sms = True
    card.programme.save()
    call = not_delivered(send(card, by=1))
    assert call is not None and call.channel == "voice"


def test_twelve_digits_go_by_text_message_where_the_programme_says_so(card: Card) -> None:
    allow(card, "sms")
    text = not_delivered(send(card, by=1))
    assert text is not None and text.channel == "sms"
    assert "It works for 1439 minutes" in words(text).text or "It works for 1440 minutes" in words(text).text
    assert ActivationCode.objects.get().contact_index is None


def test_a_code_that_was_entered_has_arrived(card: Card) -> None:
    message = send(card)
    enter(card, ActivationCode.objects.get().derive())
    assert not_delivered(message) is None
    assert the_attempt().contact == PHONE


@pytest.mark.parametrize("end", ["expired", "newer", "revoked", "closed", "changed"])
def test_a_code_that_is_not_good_any_more_goes_no_other_way(card: Card, end: str) -> None:
    message = send(card)
    at = timezone.now() + timedelta(minutes=10 if end == "expired" else 1)
    with time_machine.travel(at):
        if end == "newer":
            send(card, by=1)
        if end == "revoked":
            ActivationCode.objects.all().revoke(at)
        if end == "closed":
            Card.objects.update(state=State.TERMINATED, terminated_at=at)
        if end == "changed":
            Card.objects.update(record_version=2)
        assert not_delivered(message) is None


def test_automatic_sendings_count_but_do_not_wait_for_the_minute(card: Card) -> None:
    agent = Actor.staff(card.pk, Role.AGENT)
    send_code(card_id=card.pk, by=Channel.SMS, actor=agent, channel=Via.HOTLINE, reason="requested")  # the first
    message = Message.objects.get()
    assert look_for_another_way(message), "less than a minute later"
    assert count_send(card.number) is not None, "now a person has to wait"
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert count_send(card.number) is None, "the third"
    with time_machine.travel(timezone.now() + timedelta(minutes=4)):
        assert not_delivered(send(card)) is None, "too many, so it is not sent"
        assert ActivationCode.objects.latest("issued_at").contact_index == index_of(PHONE), "and proves what it did"


def test_a_dead_letter_is_found_by_the_sweep(card: Card) -> None:
    message = send(card)
    Message.objects.update(sent_at=None, dead_at=timezone.now(), failure="refused: http 400")
    assert look_for_other_ways() == 1
    assert look_for_other_ways() == 0
    assert Message.objects.get(in_place_of=message.pk).channel == "email"


def test_what_can_find_no_other_way_keeps_no_other_message_waiting(
    card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = send(CardFactory.create()), send(card)
    Message.objects.update(sent_at=None, dead_at=timezone.now())
    real = next_way

    def trip(message: Message, *args: Any, **kwargs: Any) -> Any:
        if message.pk == broken.pk:
            raise RuntimeError
        return real(message, *args, **kwargs)

    monkeypatch.setattr(fallback, "next_way", trip)
    assert look_for_other_ways() == 1
    assert Message.objects.filter(in_place_of=fine.pk).exists()
    assert Message.objects.get(pk=broken.pk).instead_at is None, "it is looked at again"


def test_a_contact_code_goes_to_the_contact_that_it_proves_only(card: Card) -> None:
    allow(card, "email", "voice", "sms")
    browser = at_contact_code(card)
    message = Message.objects.get(kind="contact_code")
    call = not_delivered_now(message)
    assert call is not None
    assert (call.channel, call.contact_index) == ("voice", index_of(PHONE))
    assert not_delivered_now(call) is None, "never by email"
    browser.fill(otp=ContactCode.objects.get().derive())
    assert the_attempt().contact_confirmed_at is not None


def test_a_contact_code_by_email_has_no_other_way(card: Card) -> None:
    allow(card, "email", "voice", "sms")
    at_contact_code(card)
    ContactCode.objects.update(contact_index=index_of(EMAIL), channel="email")
    assert not_delivered_now(Message.objects.get(kind="contact_code")) is None, (
        "the person has given another one since"
    )


def not_delivered_now(message: Message) -> Message | None:
    Message.objects.filter(pk=message.pk).update(sent_at=timezone.now(), gateway="http")
    return not_delivered(message)


@pytest.mark.django_db(transaction=True)
def test_entering_the_code_and_sending_it_elsewhere_at_once_never_confirm_the_wrong_contact(
    postgres: str, card: Card
) -> None:
    for _round in range(6):
        one = CardFactory.create(email="z@qq.com")
        message = send(one)
        digits = ActivationCode.objects.get(card=one).derive()

        def act(number: int, card: Card = one, message: Message = message, digits: str = digits) -> None:
            if number % 2:
                enter(card, digits)
            else:
                not_delivered(message)

        at_once(4, act)
        code = ActivationCode.objects.get(card=one)
        sent_elsewhere = Message.objects.filter(in_place_of=message.pk).exists()
        assert sent_elsewhere == (code.contact_index is None), "both or neither"

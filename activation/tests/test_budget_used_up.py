"""A code that no text message may carry goes by email, with the same digits, whatever the reason."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from activation.issuing import issue_activation_code
from activation.models import ActivationCode
from cards.tests.factories import CardFactory
from messaging import delivery
from messaging.gateways import memory
from messaging.instead import look_for_other_ways
from messaging.models import Destination, Message, OperationsNotice

pytestmark = pytest.mark.django_db
FOREIGN = "+85251234567"


@pytest.fixture(autouse=True)
def gateways(settings: Settings) -> None:
    settings.SMS_URL, settings.VOICE_URL = "memory:", ""
    memory.outbox.clear()


@pytest.mark.parametrize(
    ("phone", "row", "cause"),
    [
        ("+8613800138000", {"prefix": "+86", "hourly_budget": 1}, "budget_an_hour"),
        ("+8613800138000", {"prefix": "+86", "tripped_at": timezone.now()}, None),
        (FOREIGN, None, "not_allowed"),
    ],
)
def test_it_goes_by_email_and_staff_are_told_once(phone: str, row: dict[str, Any] | None, cause: str | None) -> None:
    if row:
        Destination.objects.create(**row)
    cards = [CardFactory.create(phone=phone if n else "+8613900139000", language="en") for n in range(3)]
    for card in cards:
        assert issue_activation_code(card, card.registered_contacts()[0], timezone.now())
    delivery.deliver_due("sms", urgent=True, seconds=10)
    look_for_other_ways()
    delivery.deliver_due("email", urgent=True, seconds=10)
    by_email = {one.subject_id for one in Message.objects.filter(channel="email", sent_at__isnull=False)}
    by_sms = {one.subject_id for one in Message.objects.filter(channel="sms", sent_at__isnull=False)}
    codes = {code.pk: code.derive() for code in ActivationCode.objects.all()}
    assert by_email | by_sms == set(codes) and not by_email & by_sms
    assert len(by_email) == len(mail.outbox) >= 2
    said = "".join(str(sent.body) for sent in mail.outbox).replace(" ", "")
    assert all(codes[pk] in said for pk in by_email)
    assert list(OperationsNotice.objects.values_list("cause", flat=True)) == ([cause] if cause else [])


def test_who_has_no_email_gets_nothing_and_staff_see_why() -> None:
    card = CardFactory.create(phone=FOREIGN, email="")
    issue_activation_code(card, card.registered_contacts()[0], timezone.now())
    delivery.deliver_due("sms", urgent=True, seconds=10)
    assert look_for_other_ways() == 0
    assert Message.objects.get().failure == "the country is not allowed"
    assert not memory.outbox and not mail.outbox


def test_an_invitation_waits_for_the_next_hour() -> None:
    Destination.objects.create(prefix="+86", hourly_budget=2)
    cards = CardFactory.create_batch(3)
    for card in cards:
        Message.objects.create(
            kind="activation_invitation",
            channel="sms",
            urgent=False,
            subject_id=card.pk,
            contact_index=card.phone_index or card.pk,
            to_masked="138 **** 0000",
            language="en",
            idempotency_key=str(card.pk),
            deadline=timezone.now() + timedelta(days=7),
        )
    delivery.deliver_due("sms", urgent=False, seconds=10)
    assert len(memory.outbox) == 1
    waiting = Message.objects.waiting()
    assert waiting.count() == 2
    assert all(one.next_try_at > timezone.now() + timedelta(minutes=50) for one in waiting)

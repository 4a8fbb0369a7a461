"""Nothing of Celery ran for a year. Then every sweep comes again: all is caught up, in any order, once."""

import random
from datetime import datetime, timedelta

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.models import CodeRequest, SignInCode
from accounts.services import request_sign_in_code
from accounts.tests.factories import UserFactory
from activation.models import ActivationAttempt, ActivationCode, ContactCode
from activation.tests.journey import at_contact_code, at_submit, at_wait
from cards.code_rules import SHORT
from cards.models import Card, CardEvent, Pin
from cards.tests.factories import CardFactory
from messaging.delivery import deliver_due
from messaging.models import Message, Receipt
from portal.celery import app
from portal.sweeps import SCHEDULED
from tests.services.sms import SmsGateway

pytestmark = pytest.mark.django_db(transaction=True)
YEAR, MONTH = timedelta(days=365), timedelta(days=31)


def everything_that_waits(at: datetime) -> Card:
    """One of each; gives the card of the submitted attempt."""
    at_contact_code(CardFactory.create())
    at_submit(CardFactory.create())
    waiting = CardFactory.create()
    at_wait(waiting)
    CardFactory.create_batch(2)
    for channel in ("sms", "email"):
        call_command("issue_codes", programme="campus", channel=channel)
    user = UserFactory.create()
    request_sign_in_code(contact=user.phone, address="192.0.2.1")
    SignInCode.draw(rule=SHORT, channel="sms", at=at, user=user, contact_index=user.phone_index).save()
    Receipt.objects.create(gateway="http", content_type="application/json", body="[]", received_at=at)
    return waiting


def all_sweeps(seed: int) -> None:
    """Every line of the schedule, in an order of this seed, and what a worker then sends."""
    app.loader.import_default_modules()
    tasks = sorted(SCHEDULED)
    random.Random(seed).shuffle(tasks)
    for task in tasks:
        assert app.tasks[task].apply().successful(), task
    for channel in ("sms", "email"):
        for urgent in (True, False):
            deliver_due(channel, urgent=urgent, seconds=20)


def everything() -> dict[str, list[str]]:
    """Every row of our rooms, but for the sweeps' own ticks and counts."""
    rooms = ("accounts", "activation", "cards", "messaging")
    models = [model for room in rooms for model in apps.get_app_config(room).get_models()]
    return {
        model.__name__: sorted(repr(row) for row in model._default_manager.values_list())
        for model in models
        if model.__name__ != "Tally"
    }


@pytest.fixture
def gateway(settings: Settings, sms_gateway: SmsGateway) -> SmsGateway:
    settings.SMS_URL = sms_gateway.url
    return sms_gateway


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_year_is_caught_up_and_nothing_is_sent_late_or_twice(gateway: SmsGateway, seed: int) -> None:
    at = timezone.now()
    with time_machine.travel(at, tick=True) as clock:
        waiting = everything_that_waits(at)
        written = set(Message.objects.values_list("pk", flat=True))
        assert len(written) >= 5 and CodeRequest.objects.exists() and Pin.objects.count() == 2

        clock.move_to(at + YEAR)
        for _round in range(3):
            all_sweeps(seed)
        assert not Message.objects.filter(pk__in=written).exists()
        assert not ActivationAttempt.objects.filter(closed_at=None).exists()
        for codes in (ActivationCode, ContactCode, SignInCode):
            assert not codes.objects.unfinished().exists()
        for rows in (Receipt, CodeRequest, Pin):
            assert not rows._default_manager.exists()

        # The one thing to say after a year: that no verdict came. Once by each way.
        assert [post.body["template"] for post in gateway.all()] == ["activation_not_possible"]
        assert [message.to for message in mail.outbox] == [[waiting.email]]
        sent_back = CardEvent.objects.filter(to_state="pending_activation", reason="no_verdict_in_24_hours")
        assert sent_back.get().card_id == waiting.pk

        settled = everything()
        all_sweeps(seed + 1)
        assert everything() == settled, "a sweep more changes nothing"

        clock.move_to(at + YEAR + MONTH)
        all_sweeps(seed)
        assert not ActivationAttempt.objects.filter(answers__isnull=False).exists()
        assert ActivationAttempt.objects.count() == 3

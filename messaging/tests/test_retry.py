"""A dead letter is tried again: only while it is one, and only before its deadline."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from messaging import delivery
from messaging.models import Message
from messaging.services import NothingToRetry, retry_message
from messaging.tests.factories import make_message
from tests.services.sms import SmsGateway

pytestmark = pytest.mark.django_db


def deliver() -> None:
    delivery.deliver_due("sms", urgent=True, seconds=20)


def test_what_a_gateway_refused_goes_out_with_the_same_key_when_it_is_tried_again(http_sms: SmsGateway) -> None:
    message = make_message(tries=delivery.MAX_TRIES - 1)
    http_sms.behaviour = 400
    deliver()
    http_sms.behaviour = 200
    deliver()
    assert len(http_sms.all()) == 1
    retry_message(message_id=message.pk)
    message.refresh_from_db()
    assert (message.dead_at, message.tries, message.failure) == (None, 0, "")
    deliver()
    first, second = http_sms.all()
    assert first.body == second.body
    assert Message.objects.get().sent_at is not None


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"sent_at": timezone.now()},
        {"dropped_at": timezone.now()},
        {"dead_at": timezone.now(), "deadline": timezone.now() - timedelta(seconds=1)},
    ],
    ids=["waiting", "sent", "dropped", "too late"],
)
def test_nothing_else_is_tried_again(state: dict[str, Any]) -> None:
    message = make_message(**{"failure": "as it was", "tries": 7, **state})
    before = Message.objects.values().get()
    with pytest.raises(NothingToRetry):
        retry_message(message_id=message.pk)
    assert Message.objects.values().get() == before


def test_two_at_once_try_it_again_once() -> None:
    message = make_message(dead_at=timezone.now())
    retry_message(message_id=message.pk)
    with pytest.raises(NothingToRetry):
        retry_message(message_id=message.pk)

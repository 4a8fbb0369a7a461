"""A task of sending ends in time, and what it did not reach is there for the next one at once."""

import time

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from pytest_django import Settings

from messaging import delivery
from messaging.answers import Failed, Later
from messaging.gateways.gateway import Sms
from messaging.gateways.http import HttpGateway
from messaging.models import Message
from messaging.preparing import prepare
from messaging.switchboard import Post, Switchboard
from messaging.tests.factories import make_message, make_messages
from tests.services.sms import SmsGateway

pytestmark = pytest.mark.django_db


def is_untouched(message: Message) -> bool:
    message.refresh_from_db()
    return (message.leased_until, message.tries, message.sent_at) == (None, 0, None)


def test_no_channel_is_begun_that_may_not_end_in_time(http_sms: SmsGateway) -> None:
    message = make_message()
    too_soon = time.monotonic() + HttpGateway.longest - 1
    assert delivery.deliver_due("sms", urgent=True, seconds=20, answered_by=too_soon) is True
    assert http_sms.all() == [] and is_untouched(message)
    assert delivery.deliver_due("sms", urgent=True, seconds=20, answered_by=too_soon + 20) is False
    assert len(http_sms.sent()) == 1


def posts(*messages: Message) -> list[Post]:
    ready = prepare(messages)
    return [Post(message, parcel) for message in messages if isinstance(parcel := ready[message.pk], Sms)]


def test_each_call_is_looked_at_before_it_begins(http_sms: SmsGateway) -> None:
    """Two messages, and time for one call."""
    first, second = posts(*make_messages(2))
    with Switchboard("sms", urgent=True, answered_by=time.monotonic() + HttpGateway.longest + 5) as switchboard:
        answers = switchboard.hand_over([first, second])
        next(answers)
        switchboard.answered_by -= 6
        ((_message, answer),) = next(answers)
    assert isinstance(answer, Later) and len(http_sms.sent()) == 1


def test_no_other_gateway_is_begun_with_too_late(settings: Settings) -> None:
    """One that takes a minute longer."""
    with SmsGateway() as first, SmsGateway() as second:
        settings.SMS_URL = f"first={first.url} second={second.url}"
        first.behaviour = 503
        (post,) = posts(make_message())
        with Switchboard("sms", urgent=True, answered_by=time.monotonic() + HttpGateway.longest + 30) as switchboard:
            switchboard.gateways["second"].longest += 60
            (((_message, answer),),) = list(switchboard.hand_over([post]))
        assert isinstance(answer, Failed) and answer.gateway == "first"
        assert second.all() == []


def test_who_is_told_to_stop_gives_back_the_rest(http_sms: SmsGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Celery tells it: by an exception, wherever we are."""
    make_messages(3)
    hand_over = HttpGateway.hand_over

    def stopped(gateway: HttpGateway, parcel: Sms) -> str:
        if http_sms.sent():
            raise SoftTimeLimitExceeded
        return hand_over(gateway, parcel)

    monkeypatch.setattr(HttpGateway, "hand_over", stopped)
    with pytest.raises(SoftTimeLimitExceeded):
        delivery.deliver_due("sms", urgent=True, seconds=20)
    sent, held, rest = sorted(Message.objects.all(), key=lambda row: (row.sent_at is None, row.leased_until is None))
    assert sent.sent_at and held.leased_until, "nobody knows what became of the second: it waits for its lease"
    assert is_untouched(rest)

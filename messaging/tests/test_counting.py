"""What becomes of messages is counted once, where it is marked: at a real gateway, by real receipts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from messaging import delivery, receipts, rests
from messaging.models import Message, Tally
from messaging.tallies import DELIVERY, HAND_OVER, SENDS, SUM
from messaging.tests.callbacks import call_back
from messaging.tests.factories import make_message, make_messages
from tests.services.sms import SmsGateway

pytestmark = pytest.mark.django_db(transaction=True)


def deliver() -> None:
    delivery.deliver_due("sms", urgent=True, seconds=20)


def counted(name: str = SENDS) -> dict[tuple[str, str], float]:
    return {(tally.gateway, tally.label): tally.value for tally in Tally.objects.filter(name=name)}


def again() -> None:
    """As if the back-off and the gateway's rest had passed."""
    rests.answered("http")
    Message.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))


def test_what_is_sent_is_counted_with_the_time_it_waited(http_sms: SmsGateway) -> None:
    make_messages(3)
    Message.objects.update(created_at=timezone.now() - timedelta(seconds=45))
    deliver()
    deliver()
    assert counted() == {("http", "sent"): 3}
    waited = counted(HAND_OVER[True])
    assert waited["http", "60"] == 3 and 135 <= waited["http", SUM] < 180
    assert counted(HAND_OVER[False]) == {}


def test_a_refusal_and_a_gateway_that_is_away_are_counted_at_that_gateway(http_sms: SmsGateway) -> None:
    make_message()
    http_sms.behaviour = 500
    deliver()
    again()
    assert counted() == {("http", "unavailable"): 1}
    http_sms.behaviour = 400
    deliver()
    assert counted() == {("http", "unavailable"): 1, ("http", "refused"): 1, ("http", "dead"): 1}


def test_what_is_too_late_is_dropped_without_a_gateway(http_sms: SmsGateway) -> None:
    make_message(deadline=timezone.now() - timedelta(seconds=1))
    deliver()
    deliver()
    assert counted() == {("", "dropped"): 1}


def test_the_last_try_is_a_dead_letter(http_sms: SmsGateway) -> None:
    make_message(tries=delivery.MAX_TRIES)
    http_sms.behaviour = 500
    deliver()
    assert counted() == {("http", "unavailable"): 1, ("http", "dead"): 1}


def test_a_doubled_receipt_is_counted_once_with_the_time_it_took(http_sms: SmsGateway) -> None:
    good, bad = make_messages(2)
    deliver()
    Message.objects.update(sent_at=timezone.now() - timedelta(seconds=20))
    for _time in range(2):
        for message, status in ((good, "delivered"), (bad, "undelivered")):
            message.refresh_from_db()
            call_back({"id": message.provider_id, "status": status})
        receipts.handle_due(seconds=5)
    assert counted() == {("http", "sent"): 2, ("http", "delivered"): 1, ("http", "undelivered"): 1}
    took = counted(DELIVERY)
    assert took["http", "30"] == 1 and 20 <= took["http", SUM] < 30

"""The whole way: codes go to a carrier that loses, doubles, reorders and cuts. What its receipts tell over the wire is
what the portal believes, and what was lost goes by email with the same digits.
"""

import time
from collections.abc import Callable

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from activation.issuing import issue_activation_code
from activation.models import ActivationCode
from cards.models import Card
from cards.tests.factories import CardFactory
from demo.carrier.conduct import Conduct
from demo.carrier.server import Carrier
from messaging import delivery, instead, receipts
from messaging.models import Message, Receipt
from messaging.receipt_addresses import PATH, receipt_address

pytestmark = pytest.mark.django_db(transaction=True)
CARDS, SECRET = 24, "between-us-two"
CONDUCT = Conduct.read("seed=11 loss=0.4 doubled=0.5 disordered=0.5 cut=0.2 receipt_after=0.3")


def carrier(live_server: LiveServer, secret: str = SECRET) -> Carrier:
    path = receipt_address("http").partition(f"/{PATH}/")[2]
    return Carrier(CONDUCT, receipts_url=f"{live_server.url}/{PATH}/{path}", secret=secret)


def send_codes(settings: Settings, there: Carrier) -> dict[str, Card]:
    """Queue a code for each card, and let the gateway's address hold the secret; the cards by their messages' keys."""
    settings.SMS_URL = f"http://portal:{SECRET}@127.0.0.1:{there.port}/"
    for card in CardFactory.create_batch(CARDS, language="en"):
        issue_activation_code(card, card.registered_contacts()[0], timezone.now())
    sent = Message.objects.filter(channel="sms")
    return {one.idempotency_key: ActivationCode.objects.get(pk=one.subject_id).card for one in sent}


def work_until(settled: Callable[[], bool]) -> None:
    """What the workers do, over and over."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        for channel in ("sms", "email"):
            delivery.deliver_due(channel, urgent=True, seconds=2)
        receipts.handle_due(seconds=2)
        instead.look_for_other_ways()
        if settled():
            return
        time.sleep(0.05)
    raise AssertionError(list(Message.objects.values_list("channel", "sent_at", "delivered_at", "undelivered_at")))


def test_what_the_carrier_tells_is_what_the_portal_believes(live_server: LiveServer, settings: Settings) -> None:
    with carrier(live_server) as there:
        keys = send_codes(settings, there)
        texts = Message.objects.filter(channel="sms")
        work_until(
            lambda: (
                not Message.objects.waiting().exists()
                and not texts.filter(delivered_at=None, undelivered_at=None).exists()
                and there.receipts_waiting() == 0
                and not Receipt.objects.waiting().exists()
            )
        )
    lost = {key for key in keys if CONDUCT.is_lost(key)}
    assert 0 < len(lost) < CARDS
    assert set(texts.undelivered().values_list("idempotency_key", flat=True)) == lost
    assert set(texts.delivered().values_list("idempotency_key", flat=True)) == set(keys) - lost
    assert set(Receipt.objects.values_list("failure", flat=True)) == {""}
    by_email = {str(one.to[0]): str(one.body) for one in mail.outbox}
    assert set(by_email) == {keys[key].email for key in lost}
    for key in lost:
        digits = ActivationCode.objects.get(card=keys[key]).derive()
        assert digits in by_email[keys[key].email]
        assert {call.body["params"]["code"] for call in there.ledger.calls() if call.key == key} == {digits}


def test_what_somebody_else_signs_changes_nothing(live_server: LiveServer, settings: Settings) -> None:
    with carrier(live_server, secret="guessed") as there:
        send_codes(settings, there)
        work_until(lambda: not Message.objects.waiting().exists() and there.receipts_waiting() == 0)
        told = there.ledger.receipts()
        assert len(told) >= CARDS and {one.answer for one in told} == {403}
    assert not Receipt.objects.exists()
    assert not Message.objects.filter(delivered_at__isnull=False).exists()
    assert not Message.objects.undelivered().exists()
    assert mail.outbox == []

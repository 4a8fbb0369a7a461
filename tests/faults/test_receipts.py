"""Receipts come twice, in the wrong order, from a forger, and for messages that nobody knows."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from demo.carrier.conduct import Conduct
from demo.carrier.receipts import post
from demo.carrier.server import Carrier
from messaging.models import Message, Receipt
from messaging.receipt_addresses import receipt_address
from tests.faults.codes import queue_codes
from tests.faults.conftest import Note
from tests.faults.workers import Workers
from tests.protections.story import until
from tests.services.installation import HOST, Installation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("postgres")]

PROXY = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
CONDUCT = Conduct(seed=7, loss=0.3, doubled=0.5, disordered=0.5, cut=0.1, receipt_after=0.5)
KEPT, FORBIDDEN, NOT_FOUND = 204, 403, 404


@contextmanager
def reporting(installation: Installation, carrier: Carrier) -> Iterator[str]:
    """The installation at work, and the carrier reporting to it; the address that it reports to."""
    carrier.conduct, carrier.headers = CONDUCT, PROXY
    carrier.receipts_url = f"http://127.0.0.1:{installation.web.port}{urlsplit(receipt_address('http')).path}"
    application = "tests.faults.quick"
    with installation.web, installation.beat_of(application), Workers(installation, application):
        yield carrier.receipts_url


def states() -> dict[str, str]:
    """What the portal believes of each text message."""
    texts = Message.objects.filter(channel="sms")
    return {
        text.idempotency_key: "delivered" if text.delivered_at else "undelivered" if text.undelivered_at else "sent"
        for text in texts
    }


def told(message_id: str, status: str, key: str = "") -> dict[str, str]:
    return {"id": message_id, "idempotency_key": key, "status": status, "at": "", "reason": ""}


def test_doubled_reordered_and_forged_receipts_leave_each_message_as_it_is(
    installation: Installation, carrier: Carrier, full: bool, note: Note
) -> None:
    count = 1000 if full else 100
    queue_codes(count)
    truth = {
        key: "undelivered" if CONDUCT.is_lost(key) else "delivered"
        for key in Message.objects.values_list("idempotency_key", flat=True)
    }
    with reporting(installation, carrier) as address:
        until(lambda: len(carrier.ledger.taken()) >= count, seconds=90)
        until(lambda: not carrier.receipts_waiting() and not Receipt.objects.waiting().exists(), seconds=90)
        until(lambda: states() == truth)
        known = carrier.ledger.taken()[0]
        other = "undelivered" if truth[known.key] == "delivered" else "sent"
        forged = told(known.id, other, known.key)
        assert post(address, "not the secret", forged, PROXY) == FORBIDDEN
        assert post(address.replace("/http/", "/http/0"), "", forged, PROXY) == NOT_FOUND
        before = Receipt.objects.count()
        assert post(address, "", told("nobody's", "undelivered", "nobody's"), PROXY) == KEPT
        assert post(address, "", forged, PROXY) == KEPT, "this one is genuine, and too late to change anything"
        assert Receipt.objects.count() == before + 2
        until(lambda: Receipt.objects.waiting().count() <= 1)
        assert states() == truth
    sent = carrier.ledger.receipts()
    naive = {receipt.key: receipt.status for receipt in sent}
    wrong = sum(naive[key] != truth[key] for key in truth)
    note(
        f"{count} messages, {len(sent)} receipts, {sum(receipt.answer != KEPT for receipt in sent)} not taken; every "
        f"state right; believing the last word would leave {wrong} wrong"
    )
    assert wrong > 0, "the twin that believes whatever comes last"

"""The message log is kept for 90 days and raw receipts for 30: what is older goes, whatever state it is in."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from messaging.models import Message, OperationsNotice, Receipt, ReceiptMention
from messaging.retention import LOG_KEPT, RECEIPTS_KEPT
from messaging.tasks import forget_messages, forget_receipts
from messaging.tests.factories import make_message, make_messages
from vault.tests.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


def written(age: timedelta, **values: Any) -> Message:
    """A message that was written so long ago, with ten minutes to be sent in."""
    at = timezone.now() - age
    message = make_message(**{"deadline": at + 10 * MINUTE, **values})
    Message.objects.filter(pk=message.pk).update(created_at=at)
    return message


def received(age: timedelta, handled_at: datetime | None = None) -> Receipt:
    at = timezone.now() - age
    return Receipt.objects.create(gateway="http", body="x", received_at=at, handled_at=handled_at)


def test_a_message_goes_after_90_days_however_it_ended() -> None:
    now = timezone.now()
    old = LOG_KEPT + MINUTE
    written(old, sent_at=now)
    written(old, dropped_at=now)
    written(old, dead_at=now)
    written(old)  # never sent, because nothing ran; its code has died long ago
    kept = {written(LOG_KEPT - MINUTE, sent_at=now).pk, written(old, deadline=now + MINUTE).pk}
    assert forget_messages() == 4
    assert forget_messages() == 0
    assert set(Message.objects.values_list("pk", flat=True)) == kept


def test_a_receipt_goes_after_30_days_even_when_nobody_looked_at_it() -> None:
    received(RECEIPTS_KEPT + MINUTE, timezone.now())
    received(RECEIPTS_KEPT + MINUTE)
    kept = received(RECEIPTS_KEPT - MINUTE)
    assert (forget_receipts(), forget_receipts()) == (2, 0)
    assert Receipt.objects.get() == kept


def test_when_receipts_came_is_kept_as_long_as_the_log() -> None:
    at = timezone.now()
    for age in (LOG_KEPT + MINUTE, LOG_KEPT - MINUTE):
        ReceiptMention.objects.create(receipt_id=uuid4(), message_id=uuid4(), state="delivered", received_at=at - age)
    forget_receipts()
    assert ReceiptMention.objects.count() == 2
    forget_messages()
    assert ReceiptMention.objects.get().received_at == at - LOG_KEPT + MINUTE


def test_the_message_in_place_of_one_that_is_gone_stays_as_it_is() -> None:
    first = written(LOG_KEPT + MINUTE, sent_at=timezone.now())
    second = written(LOG_KEPT - MINUTE, sent_at=timezone.now(), in_place_of=first.pk)
    assert forget_messages() == 1
    second.refresh_from_db()
    assert second.in_place_of == first.pk


def test_three_beats_at_once_delete_each_old_message_once_and_no_other(postgres: str) -> None:
    make_messages(2500, sent_at=timezone.now())
    Message.objects.update(created_at=timezone.now() - LOG_KEPT - MINUTE)
    make_messages(5, sent_at=timezone.now())
    assert sum(at_once(3, lambda number: forget_messages())) == 2500
    assert Message.objects.count() == 5


def test_a_notice_to_staff_goes_90_days_after_it_was_over() -> None:
    now = timezone.now()
    for window, age in (("old", LOG_KEPT + MINUTE), ("kept", LOG_KEPT - MINUTE)):
        OperationsNotice.objects.create(cause="tripped", prefix="+86", window=window, until=now - age)
    assert forget_messages() == 1
    assert OperationsNotice.objects.get().window == "kept"

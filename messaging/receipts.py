"""Looking at what gateways have told: claim, read, mark the messages it is about, mark the receipt as handled."""

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from messaging import outcomes
from messaging.gateways.chosen import gateway_named
from messaging.gateways.gateway import ReceiptEntry, ReceiptNotUnderstood
from messaging.leases import claim
from messaging.mistakes import place_of
from messaging.models import Receipt, ReceiptMention
from messaging.tallies import TallySheet

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
LIMIT = 100
UNKNOWN_FOR = timedelta(hours=1)
"""How long a receipt is looked at again whose message is not known: it may be faster than our own mark."""
SHORTEST = timedelta(seconds=2)


def handle_due(*, seconds: float) -> bool:
    """Look at due receipts for at most about this many seconds; True when more may be due now."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        now = timezone.now()
        ids = claim(Receipt.objects.waiting(), limit=LIMIT, lease=LEASE, at=now)
        if not ids:
            return False
        sheet = TallySheet()
        for receipt in Receipt.objects.waiting().filter(pk__in=ids).order_by("received_at"):
            handle(receipt, until=now + LEASE, sheet=sheet)
            if time.monotonic() >= end:
                break
        Receipt.objects.waiting().filter(pk__in=ids, leased_until=now + LEASE).update(leased_until=None)
        sheet.add()
    return True


def handle(receipt: Receipt, *, until: datetime, sheet: TallySheet) -> None:
    """Look at one receipt that we hold until this moment. What cannot be read ends at once, with its reason."""
    try:
        gateway = gateway_named(receipt.gateway)
        entries = gateway.parse_receipts(receipt.body, receipt.content_type)
    except Exception as error:  # a provider may send anything
        known = isinstance(error, ReceiptNotUnderstood)
        logger.warning("receipt %s of %s cannot be read: %s", receipt.pk, receipt.gateway, place_of(error))
        _end(receipt, until, f"not understood: {error if known else type(error).__name__}")
        return
    try:
        unknown = _apply(receipt, entries, sheet)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # one that trips us must not keep the others waiting
        logger.error("receipt %s of %s cannot be applied: %s", receipt.pk, receipt.gateway, place_of(error))
        _try_later(receipt, until, f"cannot be applied: {type(error).__name__}")
        return
    if unknown:
        _try_later(receipt, until, f"unknown messages: {unknown} of {len(entries)}")
    else:
        _end(receipt, until, "")


def _apply(receipt: Receipt, entries: Sequence[ReceiptEntry], sheet: TallySheet) -> int:
    """Mark the messages of the entries; how many of those are not known. Doing it again changes nothing."""
    mentions = []
    for entry in entries:
        message = outcomes.find(receipt.gateway, entry)
        if message is not None:
            told = {"gateway": receipt.gateway, "provider_id": entry.provider_id}
            outcomes.mark(message, entry.outcome, **told, sheet=sheet)
            mention = {"message_id": message.pk, "state": entry.outcome.state, "received_at": receipt.received_at}
            mentions.append(ReceiptMention(receipt_id=receipt.pk, **mention))
    if mentions:
        ReceiptMention.objects.bulk_create(mentions, ignore_conflicts=True)
    return len(entries) - len(mentions)


def _try_later(receipt: Receipt, until: datetime, reason: str) -> None:
    """Again after half the receipt's age, for an hour; then it is ended."""
    age = timezone.now() - receipt.received_at
    if age >= UNKNOWN_FOR:
        _end(receipt, until, reason)
    else:
        _mark(receipt, until, next_try_at=timezone.now() + max(age / 2, SHORTEST), failure=reason[:200])


def _end(receipt: Receipt, until: datetime, failure: str) -> None:
    _mark(receipt, until, handled_at=timezone.now(), failure=failure[:200])


def _mark(receipt: Receipt, until: datetime, **values: Any) -> None:
    held = Receipt.objects.waiting().filter(pk=receipt.pk, leased_until=until)
    held.update(leased_until=None, **values)

"""Looking at what gateways have told: claim, read, mark the messages it is about, mark the receipt as handled."""

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from messaging import outcomes
from messaging.gateways.chosen import gateway_named
from messaging.gateways.gateway import ReceiptEntry, ReceiptNotUnderstood
from messaging.leases import claim
from messaging.mistakes import place_of
from messaging.models import Message, Receipt, ReceiptMention
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
        _handle(ids, until=now + LEASE, end=end)
    return True


def _handle(ids: Sequence[UUID], *, until: datetime, end: float) -> None:
    """Look at the receipts that we hold until this moment, and let go of those that the time does not suffice for."""
    held = Receipt.objects.waiting().filter(pk__in=ids, leased_until=until)
    read = {receipt: _read(receipt, until) for receipt in held.order_by("received_at")}
    known = outcomes.find_all([(receipt.gateway, entry) for receipt, entries in read.items() for entry in entries])
    sheet, mentions, done = TallySheet(), list[ReceiptMention](), list[UUID]()
    for receipt, entries in read.items():
        if time.monotonic() >= end:
            break
        try:
            found = [_apply(receipt, entry, known, sheet) for entry in entries]
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:  # one that trips us must not keep the others waiting
            logger.error("receipt %s of %s cannot be applied: %s", receipt.pk, receipt.gateway, place_of(error))
            _try_later(receipt, until, f"cannot be applied: {type(error).__name__}")
            continue
        mentions += filter(None, found)
        if None in found:
            _try_later(receipt, until, f"unknown messages: {found.count(None)} of {len(found)}")
        else:
            done.append(receipt.pk)
    ReceiptMention.objects.bulk_create(mentions, ignore_conflicts=True)
    held.filter(pk__in=done).update(leased_until=None, handled_at=timezone.now(), failure="")
    held.update(leased_until=None)
    sheet.add()


def _read(receipt: Receipt, until: datetime) -> list[ReceiptEntry]:
    """What a receipt says. One that cannot be read says nothing and ends at once, with its reason."""
    try:
        return gateway_named(receipt.gateway).parse_receipts(receipt.body, receipt.content_type)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # a provider may send anything
        known = isinstance(error, ReceiptNotUnderstood)
        logger.warning("receipt %s of %s cannot be read: %s", receipt.pk, receipt.gateway, place_of(error))
        _end(receipt, until, f"not understood: {error if known else type(error).__name__}")
        return []


def _apply(
    receipt: Receipt, entry: ReceiptEntry, known: Mapping[tuple[str, ReceiptEntry], Message], sheet: TallySheet
) -> ReceiptMention | None:
    """Mark the message of one entry; None when it is not known. Doing it again changes nothing."""
    message = known.get((receipt.gateway, entry))
    if message is None:
        return None
    outcomes.mark(message, entry.outcome, gateway=receipt.gateway, provider_id=entry.provider_id, sheet=sheet)
    return ReceiptMention(
        receipt_id=receipt.pk, message_id=message.pk, state=entry.outcome.state, received_at=receipt.received_at
    )


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

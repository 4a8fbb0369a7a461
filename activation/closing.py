"""Closing attempts that the clock has ended, in short steps: any number of sweeps at once, each attempt once.

A tick takes its time and the next one goes on, so a week without sweeps is caught up without one long transaction.
"""

from __future__ import annotations

import logging
import time
import uuid
from datetime import datetime

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from activation.models import ActivationAttempt, ActivationCode
from activation.models.attempts import Verdict
from activation.verification import record_verdict
from cards import pins

STEP = 500
SECONDS = 10.0
"""For each kind of attempt; both together end well before the worker's soft limit."""
_log = logging.getLogger(__name__)


def close_stale(at: datetime, *, seconds: float = SECONDS) -> int:
    """Close attempts that were not submitted in their time, and those that got no verdict; forget lapsed PINs."""
    closed = close_unsubmitted(at, seconds=seconds)
    pins.forget_lapsed_pins(at)
    return closed + close_unanswered(at, seconds=seconds)


def close_unsubmitted(at: datetime, *, seconds: float) -> int:
    """Close stale attempts, give their codes back and forget their PINs; how many."""
    end, closed = time.monotonic() + seconds, 0
    while now := _close_step(at):
        closed += now
        if time.monotonic() >= end:
            break
    return closed


def close_unanswered(at: datetime, *, seconds: float) -> int:
    """End attempts without a verdict in their time, with a notice for each; how many. One that cannot be ended is
    left for the next tick, and the others do not wait for it."""
    end, closed, broken = time.monotonic() + seconds, 0, list[uuid.UUID]()
    unanswered = ActivationAttempt.objects.without_verdict(at).select_related("card__programme", "code")
    while batch := list(unanswered.exclude(pk__in=broken).order_by("submitted_at")[:STEP]):
        for attempt in batch:
            try:
                closed += record_verdict(attempt, Verdict.NO_ANSWER, reason="no_verdict_in_24_hours")
            except SoftTimeLimitExceeded:
                raise
            except Exception as failure:  # no message of it: it might quote the person
                _log.error("attempt %s cannot be closed: %s", attempt.pk, type(failure).__name__)
                broken.append(attempt.pk)
            if time.monotonic() >= end:
                return closed
    return closed


def _close_step(at: datetime) -> int:
    """Close the stalest whose codes nobody holds; those at the door, or with another sweep, are left."""
    stale = ActivationAttempt.objects.stale(at)
    with transaction.atomic():
        stalest = list(stale.order_by("closes_at").values_list("pk", "code_id")[:STEP])
        codes = ActivationCode.objects.filter(pk__in=[code_id for _pk, code_id in stalest])
        held = set(
            codes.select_for_update(skip_locked=True).values_list("pk", flat=True)
        )  # the code before the attempt
        ours = stale.filter(pk__in=[pk for pk, code_id in stalest if code_id in held])
        # Looked at again under the lock: one that was closed at the door may have left its code to the next attempt.
        closing = list(ours.select_for_update(skip_locked=True).values_list("pk", "code_id", "card_id"))
        closed = stale.filter(pk__in=[pk for pk, _code_id, _card_id in closing]).update(closed_at=at)
        ActivationCode.objects.filter(pk__in=[code_id for _pk, code_id, _card_id in closing]).release()
        pins.forget_pending_pins(card_ids=[card_id for _pk, _code_id, card_id in closing])
    return closed

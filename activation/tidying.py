"""Marking what the clock has decided already. Nothing here makes a code or an attempt end; it only writes it down."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import models, transaction

from activation.models import ActivationAttempt, ActivationCode, ContactCode
from activation.models.attempts import Verdict
from activation.verification import record_verdict
from cards import pins

BATCH = 1000


def mark_expired(at: datetime) -> int:
    """Mark stale codes of the journey, batch by batch; says how many."""
    return sum(_mark(codes.objects.stale(at), at) for codes in (ActivationCode, ContactCode))


def _mark(stale: models.QuerySet[Any], at: datetime) -> int:
    marked = 0
    while True:
        batch = list(stale.values_list("pk", flat=True)[:BATCH])
        marked += stale.filter(pk__in=batch).update(expired_at=at)
        if len(batch) < BATCH:
            return marked


def close_stale(at: datetime) -> int:
    """Close attempts that were not submitted in their time, and give their codes back; forget lapsed PINs."""
    closed = sum(_close(attempt_id, at) for attempt_id in _ids(ActivationAttempt.objects.stale(at)))
    pins.forget_lapsed_pins(at)
    for attempt in ActivationAttempt.objects.without_verdict(at).select_related("card__programme", "code"):
        closed += record_verdict(attempt, Verdict.NO_ANSWER, reason="no_verdict_in_24_hours")
    return closed


def _ids(attempts: models.QuerySet[ActivationAttempt]) -> list[uuid.UUID]:
    return list(attempts.values_list("pk", flat=True)[:BATCH])


def _close(attempt_id: uuid.UUID, at: datetime) -> int:
    with transaction.atomic():
        attempt = ActivationAttempt.objects.get(pk=attempt_id)
        code = ActivationCode.objects.filter(pk=attempt.code_id)
        code.select_for_update().first()  # the code before the attempt, everywhere
        closed = ActivationAttempt.objects.stale(at).filter(pk=attempt_id).update(closed_at=at)
        if closed:  # else somebody at the door has closed it, and the code may be reserved for the next attempt
            code.release()
            pins.forget_pending_pin(card_id=attempt.card_id)
    return closed

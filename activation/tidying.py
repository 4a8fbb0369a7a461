"""Marking what the clock has decided already. Nothing here makes a code end; it only writes it down."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from activation.models import ActivationCode, ContactCode

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

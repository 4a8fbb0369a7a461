"""Marking what the clock has decided already. Nothing here makes a code end; it only writes it down."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from activation.models import ActivationCode, ContactCode

BATCH = 2000
"""Rows a statement, about: it holds their locks for some hundredths of a second, and nobody waits longer for one."""


def mark_expired(at: datetime) -> int:
    """Mark stale codes of the journey, batch by batch; says how many."""
    return sum(_mark(codes.objects.stale(at), at) for codes in (ActivationCode, ContactCode))


def _mark(stale: models.QuerySet[Any], at: datetime) -> int:
    """Walk the index of what ends when, a stretch at a time: one look where it ends, and one bare UPDATE.

    Another beat that marks the same stretch waits for its rows and then finds them marked; so none is marked twice.
    """
    marked = 0
    while True:
        ends = stale.order_by("expires_at").values_list("expires_at", flat=True)[BATCH - 1 : BATCH]
        end = next(iter(ends), None)
        marked += stale.filter(expires_at__lte=end or at).update(expired_at=at)
        if end is None:
            return marked
        stale = stale.filter(expires_at__gt=end)

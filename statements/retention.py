"""How long transactions and alerts are kept, and their going, in short steps."""

import time
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from statements.models import Alert, MonthTotal, Transaction
from statements.months import bounds
from vault.ids import first_id
from vault.sweeping import SECONDS, delete_in_steps

ALERTS_KEPT = timedelta(days=365)
YEARS_KEPT = 3
"""Of whole months: as long as somebody can object to a payment before a court. The issuer keeps its own books."""
STEP = 100
"""Sums of months; each stands for the transactions that it adds up."""


def forget_alerts(at: datetime) -> int:
    """Delete alerts that are a year old, read or not; how many went. They lie in the order of their ids."""
    return delete_in_steps(Alert.objects.filter(pk__lt=first_id(at - ALERTS_KEPT)).order_by("pk"))


def forget_transactions(at: datetime, *, seconds: float = SECONDS) -> int:
    """Delete the transactions of months that ended three years ago; how many went.

    Their sums lead to them, so that no index by age is needed. A sum goes in the same step as what it adds up, so that
    what is left always agrees; any number of sweeps work beside each other.
    """
    today = timezone.localdate(at)
    oldest, end, gone = date(today.year - YEARS_KEPT, today.month, 1), time.monotonic() + seconds, 0
    while True:
        with transaction.atomic(durable=True):
            old = MonthTotal.objects.filter(month__lt=oldest).order_by("month", "pk").select_related("card__programme")
            chosen = list(old.select_for_update(skip_locked=True, of=("self",))[:STEP])
            gone += sum(map(_forget_what_it_adds_up, chosen))
            MonthTotal.objects.filter(pk__in=[total.pk for total in chosen]).delete()
        if len(chosen) < STEP or time.monotonic() >= end:
            return gone


def _forget_what_it_adds_up(total: MonthTotal) -> int:
    rows = Transaction.objects.of_card(total.card_id).between(*bounds(total.month, total.card.programme.zone))
    rows = rows.filter(kind=total.kind, currency=total.currency)
    Alert.objects.filter(transaction__in=rows).delete()
    return rows._raw_delete(rows.db)

"""Telling the issuer's system how a reported card stands: the report waits in its row until that system has taken it.

The state is told, not the change: whatever happened meanwhile, the last word that the issuer takes is the true one.
"""

import logging
import time
from datetime import timedelta
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import timezone

from accounts.models import LossReport
from cards.dimensions import Via
from cards.events import Actor, record_event
from cards.issuer_hosts import HostUnavailable, host_for
from cards.models.card_event import EventKind
from messaging.leases import claim_rows

LEASE = timedelta(seconds=60)
FEW = 10
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=5), timedelta(minutes=10)
SECONDS_AT_ONCE = 5.0
_log = logging.getLogger(__name__)


def tell_waiting(*, seconds: float = SECONDS_AT_ONCE) -> int:
    """Tell what waits, for at most about so many seconds; how many reports were looked at."""
    end, looked_at = time.monotonic() + seconds, 0
    while rows := claim_rows(LossReport.objects.untold(), limit=FEW, lease=LEASE):
        for row in rows:
            tell(row.pk)
        looked_at += len(rows)
        if time.monotonic() >= end:
            break
    return looked_at


def tell(report_id: UUID) -> bool:
    """Ask the issuer host, outside any lock, to take the state of this report's card; whether it has."""
    report = LossReport.objects.select_related("card__programme").get(pk=report_id)
    try:
        host_for(report.card.programme).take_state(card=report.card, reference=report.reference)
    except SoftTimeLimitExceeded:
        raise
    except HostUnavailable:
        _try_again_later(report)
        return False
    except Exception as failure:  # no message of it: it might quote the person
        _log.error("loss report %s cannot be told: %s", report.pk, type(failure).__name__)
        _try_again_later(report)
        return False
    at = timezone.now()
    with transaction.atomic():
        unchanged = LossReport.objects.untold().filter(pk=report.pk, changed_at=report.changed_at)
        told = bool(unchanged.update(issuer_told_at=at, leased_until=None))
        if told:
            record_event(
                card_id=report.card_id,
                kind=EventKind.ISSUER_TOLD,
                actor=Actor.system("loss"),
                channel=Via.SYSTEM,
                reference=report.reference,
            )
    return told


def _try_again_later(report: LossReport) -> None:
    wait = min(FIRST_RETRY * 2 ** min(report.tries, 10), LONGEST_RETRY)
    unchanged = LossReport.objects.untold().filter(pk=report.pk, changed_at=report.changed_at)
    unchanged.update(next_try_at=timezone.now() + wait, leased_until=None)

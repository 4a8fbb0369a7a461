"""When the delay of a new PIN is over: ask the issuer host outside any lock, then write its answer down once."""

from __future__ import annotations

import logging
import time
import uuid
from datetime import timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import PinReset
from accounts.pins import changes as pin_changes
from cards.issuer_hosts import HostUnavailable, host_for
from messaging.leases import claim

LEASE = timedelta(seconds=60)
FEW = 10
SECONDS_AT_ONCE = 5.0
"""Half of the time between two sweeps: a slow host never keeps all workers from the codes."""
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=10)
_log = logging.getLogger(__name__)


def settle_one(reset_id: uuid.UUID | str) -> None:
    """Settle this one right after the choice, unless another worker does."""
    for claimed in claim(PinReset.objects.due(timezone.now()).filter(pk=reset_id), limit=1, lease=LEASE):
        _settle(claimed)


def settle_waiting(*, seconds: float = SECONDS_AT_ONCE) -> int:
    """Settle what is due, for at most about so many seconds; how many were looked at."""
    end, looked_at = time.monotonic() + seconds, 0
    while claimed := claim(PinReset.objects.due(timezone.now()), limit=FEW, lease=LEASE):
        for position, reset_id in enumerate(claimed, start=1):
            _settle(reset_id)
            looked_at += 1
            if time.monotonic() >= end:
                _give_back(claimed[position:])
                return looked_at
    return looked_at


def _settle(reset_id: uuid.UUID) -> None:
    reset = PinReset.objects.select_related("card__programme").get(pk=reset_id)
    try:
        taken = host_for(reset.card.programme).take_new_pin(card=reset.card, reset_id=reset.pk)
    except SoftTimeLimitExceeded:
        raise
    except HostUnavailable:
        _try_again_later(reset)
        return
    except Exception as failure:  # one host that breaks must not keep the others waiting; its words might quote
        _log.error("PIN reset %s cannot be settled: %s", reset.pk, type(failure).__name__)
        _try_again_later(reset)
        return
    with transaction.atomic():
        pin_changes.finish(reset=reset, taken=taken, at=timezone.now())


def _try_again_later(reset: PinReset) -> None:
    wait = min(FIRST_RETRY * 2 ** min(reset.tries, 10), LONGEST_RETRY)
    open_still = PinReset.objects.open().filter(pk=reset.pk)
    open_still.update(next_try_at=timezone.now() + wait, leased_until=None)


def _give_back(reset_ids: list[uuid.UUID]) -> None:
    """Let go of claimed ones that were not looked at."""
    PinReset.objects.open().filter(pk__in=reset_ids).update(leased_until=None, tries=F("tries") - 1)

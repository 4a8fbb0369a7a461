"""What happens after "submit": ask the issuer host outside any lock, then record its verdict once."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.binding.joining import account_for_contact, bind_card
from activation.limits import IDENTITY_MISMATCHES
from activation.models import ActivationAttempt, ActivationCode
from activation.models.attempts import Verdict
from activation.notices import tell_registered_contacts
from cards import pins, states
from cards.dimensions import State, Via
from cards.events import Actor
from cards.issuer_hosts import HostUnavailable, host_for
from cards.replacements import retire_replaced
from messaging.leases import claim
from vault import limits

LEASE = timedelta(seconds=60)
FEW = 10
"""Attempts a claim, so that several workers share what waits."""
SECONDS_AT_ONCE = 5.0
"""Half of the time between two sweeps: a slow host never keeps all workers from the codes."""
QUICK = 20
"""Attempts looked at in that time by which a host shows that it keeps nobody waiting."""
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=10)
SYSTEM = Actor.system("verification")
_log = logging.getLogger(__name__)


def claim_awaiting(at: datetime, limit: int = FEW) -> list[uuid.UUID]:
    """The submitted attempts nobody is looking at and whose 24 hours are not over, now leased to the caller."""
    return claim(ActivationAttempt.objects.verifiable(at), limit=limit, lease=LEASE)


def verify_waiting(*, seconds: float = SECONDS_AT_ONCE) -> int:
    """Verify what waits, for at most about so many seconds; how many attempts were looked at."""
    end, looked_at = time.monotonic() + seconds, 0
    while claimed := claim_awaiting(timezone.now()):
        for position, attempt_id in enumerate(claimed, start=1):
            verify(attempt_id)
            looked_at += 1
            if time.monotonic() >= end:
                give_back(claimed[position:])
                return looked_at
    return looked_at


def give_back(attempt_ids: Sequence[uuid.UUID]) -> None:
    """Let go of claimed attempts that were not looked at."""
    ours = ActivationAttempt.objects.awaiting_verdict().filter(pk__in=attempt_ids)
    ours.update(leased_until=None, tries=F("tries") - 1)


def claim_one(attempt_id: str) -> bool:
    """Whether this worker may look at the attempt: it is submitted, without a verdict and not leased."""
    verifiable = ActivationAttempt.objects.verifiable(timezone.now())
    return bool(claim(verifiable.filter(pk=attempt_id), limit=1, lease=LEASE))


def verify(attempt_id: uuid.UUID | str) -> None:
    """Ask the issuer host about a claimed attempt and record the verdict; an unavailable host is asked again later.

    So is a host that breaks: one attempt that cannot be looked at must not keep those claimed with it waiting.
    """
    attempt = ActivationAttempt.objects.select_related("card__programme", "code").get(pk=attempt_id)
    try:
        verdict = host_for(attempt.card.programme).verify(card=attempt.card, answers=attempt.identity)
    except SoftTimeLimitExceeded:
        raise
    except HostUnavailable:
        try_again_later(attempt)
        return
    except Exception as failure:  # no message of it: it might quote the person
        _log.error("attempt %s cannot be verified: %s", attempt.pk, type(failure).__name__)
        try_again_later(attempt)
        return
    record_verdict(attempt, Verdict(verdict.outcome), reason=verdict.reason, functions=verdict.functions)


def try_again_later(attempt: ActivationAttempt) -> None:
    wait = min(FIRST_RETRY * 2 ** min(attempt.tries, 10), LONGEST_RETRY)
    ActivationAttempt.objects.awaiting_verdict().filter(pk=attempt.pk).update(
        next_try_at=timezone.now() + wait, leased_until=None
    )


def record_verdict(
    attempt: ActivationAttempt, verdict: Verdict, *, reason: str, functions: Sequence[dict[str, Any]] = ()
) -> bool:
    """Write the verdict once and do what follows from it. A verdict that a person may have seen never changes."""
    at = timezone.now()
    with transaction.atomic():
        ActivationCode.objects.select_for_update().get(pk=attempt.code_id)  # the code before the attempt, everywhere
        recorded = (
            ActivationAttempt.objects.awaiting_verdict()
            .filter(pk=attempt.pk)
            .update(
                verdict=verdict,
                verdict_at=at,
                closed_at=at,
                reason=reason,
                functions=list(functions),
                leased_until=None,
            )
        )
        if not recorded:
            return False
        if verdict == Verdict.PASSED and not _activate(attempt, at):
            # Closed or blocked while the host was asked: its yes is for a card that is not there any more.
            verdict, reason = Verdict.REFUSED, "card_no_longer_waits"
            ActivationAttempt.objects.filter(pk=attempt.pk).update(verdict=verdict, reason=reason, functions=[])
        if verdict != Verdict.PASSED:
            _send_back(attempt, verdict, reason, at)
    return True


def _activate(attempt: ActivationAttempt, at: datetime) -> bool:
    """Yes: the card works and is in an account. False, with nothing done, when it does not wait for this any more."""
    activated = states.move(
        card_id=attempt.card_id,
        to=State.ACTIVE,
        actor=SYSTEM,
        channel=Via.SYSTEM,
        reason="verified",
        reference=attempt.reference,
    )
    if not activated:
        return False
    ActivationCode.objects.filter(pk=attempt.code_id).unfinished().update(consumed_at=at)
    pins.adopt_pin(card_id=attempt.card_id)
    retire_replaced(by=attempt.card_id, reference=attempt.reference)
    account = attempt.account or account_for_contact(contact=attempt.contact, language=attempt.language)
    bind_card(card_id=attempt.card_id, user_id=account.pk)
    tell_registered_contacts(attempt, "card_active", at)
    return True


def _send_back(attempt: ActivationAttempt, verdict: Verdict, reason: str, at: datetime) -> None:
    """No: the card waits for activation again, the PIN is forgotten, the reserved code stays good for a correction."""
    if verdict == Verdict.NOT_MATCHED:
        limits.count(IDENTITY_MISMATCHES, str(attempt.card_id))
    states.move(
        card_id=attempt.card_id,
        to=State.PENDING_ACTIVATION,
        actor=SYSTEM,
        channel=Via.SYSTEM,
        reason=reason,
        reference=attempt.reference,
    )
    pins.forget_pending_pin(card_id=attempt.card_id)
    tell_registered_contacts(attempt, "activation_not_possible", at)

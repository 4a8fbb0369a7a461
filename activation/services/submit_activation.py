"""The one act of the journey: everything is there, the person agrees, the issuer host is asked."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from activation.models import ActivationAttempt, ActivationCode
from activation.progress import why_it_cannot_change
from activation.refusals import CodeNoLongerGood, PinLapsed, Refusal
from activation.tasks import verify_attempt
from cards import pins, states
from cards.dimensions import State, Via
from cards.events import Actor
from cards.models.pin import PENDING_LIFE
from messaging.enqueue import enqueue


def submit_activation(*, attempt: ActivationAttempt, account_id: uuid.UUID | None = None) -> None:
    """Submit once; a second press finds it submitted and changes nothing.

    Raises PinLapsed, CodeNoLongerGood, StepNotReached, AttemptClosed, AlreadySubmitted.
    """
    at = timezone.now()
    with transaction.atomic(durable=True):
        refusal = _submit(attempt, account_id, at)
        if refusal is not None:
            transaction.set_rollback(True)
    if refusal is not None:
        raise refusal


def _submit(attempt: ActivationAttempt, account_id: uuid.UUID | None, at: datetime) -> Refusal | None:
    code = ActivationCode.objects.filter(pk=attempt.code_id).good_for_its_card()
    if code.select_for_update(of=("self",)).filter(revoked_at=None, consumed_at=None).first() is None:
        return CodeNoLongerGood()
    ready = ActivationAttempt.objects.unsubmitted().filter(
        pk=attempt.pk,
        seat_hash=attempt.seat_hash,
        closes_at__gt=at,
        identity_confirmed_at__isnull=False,
        contact_confirmed_at__isnull=False,
        pin_chosen_at__gt=at - PENDING_LIFE,
    )
    said = {"language": attempt.language, "submitted_at": at, "agreed_at": at, "account_id": account_id}
    if not ready.update(**said, next_try_at=at, tries=0):
        now = ActivationAttempt.objects.get(pk=attempt.pk)
        if not now.has_ended(at) and now.submitted_at is None and now.pin_chosen_at and not now.pin_is_kept(at):
            return PinLapsed()
        return why_it_cannot_change(now, at)
    moved = states.move(
        card_id=attempt.card_id,
        to=State.ACTIVATING,
        actor=Actor.cardholder(account_id or ""),
        channel=Via.WEB,
        reason="submitted",
        reference=attempt.reference,
    )
    if not moved or not pins.submit_pending_pin(card_id=attempt.card_id, at=at):
        return CodeNoLongerGood()
    enqueue(verify_attempt, str(attempt.pk), queue="codes")
    return None

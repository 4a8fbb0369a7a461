"""Stopping an activation at once, because its card was reported lost or its holder says: it was not me."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.models.cases import Done
from activation.models import ActivationAttempt, ActivationCode, ContactCode
from activation.models.attempts import Verdict
from activation.verification import record_verdict
from cards import pins

REASON = "stopped_by_cardholder"


def stop_activation(card_id: UUID, at: datetime) -> list[Done]:
    """Revoke the card's codes, close its open attempt and forget its PIN, inside the caller's transaction.

    The codes are locked before the attempt, as everywhere: an activation that is being decided is waited for.
    """
    codes = ActivationCode.objects.filter(card_id=card_id)
    list(codes.order_by("pk").unfinished().select_for_update().values_list("pk", flat=True))
    done: list[Done] = []
    attempts = ActivationAttempt.objects.filter(card_id=card_id)
    for attempt in attempts.awaiting_verdict().select_related("card__programme", "code"):
        if record_verdict(attempt, Verdict.REFUSED, reason=REASON):
            done.append(Done.ACTIVATION_STOPPED)
    if attempts.unsubmitted().update(closed_at=at):
        pins.forget_pending_pin(card_id=card_id)
        done.append(Done.ACTIVATION_STOPPED)
    revoked = codes.revoke(at) + ContactCode.objects.filter(attempt__card_id=card_id).revoke(at)
    return [*done, Done.CODES_REVOKED] if revoked else done

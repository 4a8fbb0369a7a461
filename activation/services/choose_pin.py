"""Hand the PIN to its custody at once; what the attempt keeps is only the moment."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from activation.models import ActivationAttempt
from activation.progress import record_fact
from cards import pin_policy, pins
from cards.identity_documents import birth_date


def choose_pin(*, attempt: ActivationAttempt, pin: str) -> None:
    """Raises PinTooEasy with the id of its reason, AttemptClosed, AlreadySubmitted."""
    at = timezone.now()
    identity, card = attempt.identity, attempt.card
    pin_policy.refuse(
        pin,
        length=card.programme.pin_length,
        birth_date=birth_date(identity.get("id_type", ""), identity.get("id_number", "")),
        # Only what the person has typed or shown to read: a refusal must not tell digits of the issuer's record.
        forbidden=[identity.get("id_number", ""), attempt.contact, card.number],
    )
    kept = pins.prepare_pin(card_id=card.pk, pin=pin)
    with transaction.atomic(durable=True):
        refusal = record_fact(attempt, at, pin_chosen_at=at)
        if refusal is None:
            pins.store_pending_pin(card_id=card.pk, kept=kept)
    if refusal is not None:
        raise refusal

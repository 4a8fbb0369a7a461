"""Keep the name and document the person gives. Nobody is told whether they match until the issuer host has said so."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from activation.limits import IDENTITY_MISMATCHES
from activation.models import ActivationAttempt
from activation.progress import record_fact, sealed
from activation.refusals import Refusal, TooManyMismatches, TooYoung
from cards import pins
from cards.identity_documents import age, birth_date
from vault import limits


def confirm_identity(*, attempt: ActivationAttempt, name: str, id_type: str, id_number: str) -> None:
    """Keep the answers, encrypted. Another ID number undoes the PIN, which was judged against the first one.

    Raises TooYoung, TooManyMismatches, AttemptClosed, AlreadySubmitted.
    """
    at = timezone.now()
    born, least = birth_date(id_type, id_number), attempt.card.programme.minimum_age
    if born is not None and age(born, timezone.localdate(at)) < least:
        raise TooYoung(n=least)
    mismatches = limits.peek(IDENTITY_MISMATCHES, str(attempt.card_id))
    if not mismatches.allowed:
        raise TooManyMismatches(until=mismatches.until or at)
    refusal = _keep(attempt, at, name, id_type, id_number, identity_confirmed_at=at)
    if refusal is not None:
        raise refusal


def keep_document(*, attempt: ActivationAttempt, id_type: str, id_number: str) -> None:
    """Keep the number of a document out of a form that was not accepted for another reason; the step is to be done
    again. A draft never holds such a number, because its page would show it; from here it is shown masked."""
    if id_number != attempt.identity.get("id_number"):
        name = attempt.identity.get("name", "")
        _keep(attempt, timezone.now(), name, id_type, id_number, identity_confirmed_at=None)


def _keep(
    attempt: ActivationAttempt, at: datetime, name: str, id_type: str, id_number: str, **facts: Any
) -> Refusal | None:
    answers = json.dumps({"name": name, "id_type": id_type, "id_number": id_number}, ensure_ascii=False)
    another = attempt.identity.get("id_number", id_number) != id_number
    if another:
        facts["pin_chosen_at"] = None
    with transaction.atomic(durable=True):
        refusal = record_fact(attempt, at, answers=sealed(attempt, "answers", answers), **facts)
        if refusal is None and another:
            pins.forget_pending_pin(card_id=attempt.card_id)
    return refusal

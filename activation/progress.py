"""Writing a fact into an attempt: one conditional statement, so that nothing is written into one that has ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from activation.models import ActivationAttempt
from activation.refusals import AlreadySubmitted, AttemptClosed, Refusal, StepNotReached
from vault.fields import Sealed, sealed_value


def record_fact(attempt: ActivationAttempt, at: datetime, **facts: Any) -> Refusal | None:
    """Write `facts` into the attempt while it can still be changed; say why not otherwise.

    The seat is part of the condition: a browser that has just lost it writes nothing. The language in which the person
    reads now is written with it: the messages that follow are in it.
    """
    still_open = ActivationAttempt.objects.unsubmitted().filter(
        pk=attempt.pk, closes_at__gt=at, seat_hash=attempt.seat_hash
    )
    if still_open.update(language=attempt.language, **facts):
        return None
    return why_it_cannot_change(ActivationAttempt.objects.get(pk=attempt.pk), at)


def hold_open(attempt: ActivationAttempt, at: datetime) -> Refusal | None:
    """Hold the attempt's row until the transaction ends, while it can still be changed; say why not otherwise."""
    return record_fact(attempt, at, seat_hash=attempt.seat_hash)


def why_it_cannot_change(attempt: ActivationAttempt, at: datetime) -> Refusal:
    if attempt.submitted_at is not None:
        return AlreadySubmitted()
    if attempt.has_ended(at):
        return AttemptClosed()
    return StepNotReached()


def sealed(attempt: ActivationAttempt, column: str, text: str) -> Sealed | None:
    """An encrypted fact for `record_fact`, bound to this attempt and column."""
    value = sealed_value(ActivationAttempt, column, attempt.pk, text)
    return None if value is None else Sealed(value, attempt.pk)

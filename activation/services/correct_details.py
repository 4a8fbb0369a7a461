"""After "does not match": a new attempt on the same reserved code, with the answers copied, except the PIN."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from activation.limits import IDENTITY_MISMATCHES
from activation.models import ActivationAttempt, ActivationCode
from activation.models.attempts import Verdict
from activation.refusals import (
    AlreadyActive,
    CodeNoLongerGood,
    NothingToCorrect,
    OpenedElsewhere,
    TooManyMismatches,
)
from cards.dimensions import State
from cards.models import Card
from vault import limits


def correct_details(*, attempt: ActivationAttempt) -> ActivationAttempt:
    """Open the next attempt for the browser that saw the verdict; pressed twice, it is the same one.

    Raises NothingToCorrect, TooManyMismatches, AlreadyActive, CodeNoLongerGood, and OpenedElsewhere where another
    browser has begun the next one with the code.
    """
    at = timezone.now()
    if attempt.verdict != Verdict.NOT_MATCHED:
        raise NothingToCorrect
    mismatches = limits.peek(IDENTITY_MISMATCHES, str(attempt.card_id))
    if not mismatches.allowed:
        raise TooManyMismatches(until=mismatches.until or at)
    code = ActivationCode.objects.filter(pk=attempt.code_id).live(at).first()
    if code is None:
        activated = Card.objects.filter(pk=attempt.card_id, state=State.ACTIVE).exists()
        raise AlreadyActive if activated else CodeNoLongerGood
    following = ActivationAttempt(
        card=attempt.card,
        code=code,
        seat_hash=attempt.seat_hash,
        language=attempt.language,
        opened_at=at,
        closes_at=code.reserved_until or code.expires_at,
        answers=attempt.answers,
        contact=attempt.contact,
        contact_channel=attempt.contact_channel,
        contact_index=attempt.contact_index,
        contact_confirmed_at=attempt.contact_confirmed_at,
    )
    try:
        with transaction.atomic(durable=True):
            following.save(force_insert=True)
    except IntegrityError:  # the first press of a double click has opened it
        same = ActivationAttempt.objects.filter(card=attempt.card, closed_at=None, seat_hash=attempt.seat_hash)
        opened = same.first()
        if opened is None:
            raise OpenedElsewhere from None
        return opened
    return following

"""Which browser goes on with an attempt: the one whose token's hash is on the row."""

from __future__ import annotations

import hashlib
import hmac

from django.contrib.sessions.backends.base import SessionBase

from activation.models import ActivationAttempt
from activation.refusals import OpenedElsewhere

SEATS = "seats"
SEATS_KEPT = 8  # a browser at a counter activates many cards; the oldest seats are given up


class NoSeat(Exception):
    """This session holds no seat for the reference: it ended, it is another person's, or there is no such attempt."""


def seat_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def take_seat(session: SessionBase, reference: str, token: str) -> None:
    seats = session.get(SEATS, {})
    seats.pop(reference, None)
    kept = list(seats.items())[-(SEATS_KEPT - 1) :]
    session[SEATS] = dict([*kept, (reference, token)])


def attempt_of_seat(session: SessionBase, reference: str) -> ActivationAttempt:
    """The attempt this browser may go on with.

    Raises NoSeat, the same for an attempt that does not exist, and OpenedElsewhere when another browser has it now.
    """
    token = session.get(SEATS, {}).get(reference)
    if token is None:
        raise NoSeat
    attempt = ActivationAttempt.objects.select_related("card__programme", "code").filter(reference=reference).first()
    if attempt is None:
        raise NoSeat
    if not hmac.compare_digest(attempt.seat_hash, seat_hash(token)):
        raise OpenedElsewhere
    return attempt

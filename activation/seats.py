"""Which browser goes on with an attempt: the one whose token's hash is on the row."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterator

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from activation.models import ActivationAttempt, ActivationCode
from activation.models.attempts import Verdict
from activation.refusals import OpenedElsewhere
from cards.models import Card
from cards.programmes import programme_by_id
from vault.planned import columns, planned_rows

SEATS = "seats"
IDLE_SECONDS = 20 * 60
NOTED_SECONDS = 60  # a session is not written again for every page
SEATS_KEPT = 8  # a browser at a counter activates many cards; the oldest seats are given up

COLUMNS = f"{columns(ActivationAttempt, 'attempt')}, {columns(Card, 'card')}, {columns(ActivationCode, 'code')}"
SEATED = (
    f"SELECT {COLUMNS} FROM activation_activationattempt attempt "  # noqa: S608 - names of columns only
    "JOIN cards_card card ON card.id = attempt.card_id "
    "JOIN activation_activationcode code ON code.id = attempt.code_id WHERE attempt.reference = %s"
)


class NoSeat(Exception):
    """This session holds no seat for the reference: it ended, it is another person's, or there is no such attempt."""


def seat_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def take_seat(session: SessionBase, reference: str, token: str) -> None:
    """Let this browser go on with the attempt, until it has been idle for 20 minutes."""
    seats = session.get(SEATS, {})
    seats.pop(reference, None)
    kept = list(seats.items())[-(SEATS_KEPT - 1) :]
    session[SEATS] = dict([*kept, (reference, [token, int(time.time())])])


def seat_token(session: SessionBase, reference: str) -> str | None:
    """The token of a seat that has not been idle for too long: a browser at a counter is used by the next person."""
    token, used = session.get(SEATS, {}).get(reference, (None, 0))
    idle = time.time() - used
    if token is None or idle > IDLE_SECONDS:
        return None
    if idle > NOTED_SECONDS:
        take_seat(session, reference, token)
    return token


def attempt_of_seat(session: SessionBase, reference: str) -> ActivationAttempt:
    """The attempt this browser may go on with.

    Raises NoSeat, the same for an attempt that does not exist, and OpenedElsewhere when another browser has it now.
    """
    token = seat_token(session, reference)
    if token is None:
        raise NoSeat
    attempt = _attempt(reference)
    if attempt is None:
        raise NoSeat
    if not hmac.compare_digest(attempt.seat_hash, seat_hash(token)):
        raise OpenedElsewhere
    if programme := programme_by_id(attempt.card.programme_id):
        attempt.card.programme = programme
    return attempt


def unfinished_attempts(session: SessionBase) -> Iterator[ActivationAttempt]:
    """The attempts this browser may go on with and that have not ended with an active card, the newest seat first."""
    for reference in reversed(list(session.get(SEATS, {}))):
        try:
            attempt = attempt_of_seat(session, reference)
        except (NoSeat, OpenedElsewhere):
            continue
        if attempt.verdict != Verdict.PASSED and (attempt.verdict or not attempt.has_ended(timezone.now())):
            yield attempt


def _attempt(reference: str) -> ActivationAttempt | None:
    """The attempt with its card and code, which every page of the journey reads."""
    for attempt, card, code in planned_rows(SEATED, [reference], ActivationAttempt, Card, ActivationCode):
        attempt.card, attempt.code = card, code
        found: ActivationAttempt = attempt
        return found
    return None

"""Adding a card that is active already, one's own or that of somebody one helps, by a code to its contact."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts import address_limits
from accounts.binding import adding
from accounts.binding.codes import PURPOSE, Asked, codes_for
from accounts.code_tries import locked_until, use_code
from accounts.models import CardBinding, CardHelper, CodeRequest
from accounts.refusals import Refusal
from accounts.services.request_code import request_code
from vault.limits import Limit

BINDING_TRIES = Limit(
    name="binding-tries",
    sentence="Five wrong codes to add a card for one ending and contact, then a doubling wait of 15 minutes to a day",
    tries=5,
    window=timedelta(days=1),
    penalty=timedelta(minutes=15),
    penalty_cap=timedelta(days=1),
)
BINDING_TRIES_A_DAY = Limit(
    name="binding-tries-a-day",
    sentence="Ten wrong codes to add a card for one ending and contact in 24 hours",
    tries=10,
    window=timedelta(days=1),
)
BINDING_LIMITS = (BINDING_TRIES, BINDING_TRIES_A_DAY)


def request_binding_code(*, asked: Asked, address: str, programme: str = "", press: str = "") -> CodeRequest:
    """Ask for the code; for known, unknown, foreign and bound cards alike. Raises what `request_code` raises."""
    return request_code(
        purpose=PURPOSE, body=asked.body(programme), subject=asked.contact, address=address, press=press
    )


def add_card(*, asked: Asked, otp: str, address: str, press: str = "") -> CardBinding | CardHelper:
    """Try the digits and, if they are right, add the card as its account asked.

    Tries are counted for what was typed. Raises, after the count is committed: TooManyChecks, TooManyTries,
    CodeNotAccepted, CodeExpired (ask for a new code), CodeUsed, and CardNotAdded, for which the code is used up.
    """
    address_limits.count_check(address)
    tried = [(limit, asked.subject) for limit in BINDING_LIMITS]
    at = timezone.now()
    with transaction.atomic(durable=True):
        code = use_code(codes_for(asked), otp, tried=tried, at=at, press=press)
        outcome = code if isinstance(code, Refusal) else adding.add_card(code, at)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def binding_locked_until(*, asked: Asked) -> datetime | None:
    """Until when no code is tried for what was typed; None while one may be."""
    return locked_until(BINDING_LIMITS, asked.subject)

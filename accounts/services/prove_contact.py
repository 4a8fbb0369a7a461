"""Six digits that prove that whoever is signed in reads a contact; what they are for is done with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts import address_limits
from accounts.code_tries import locked_until, use_code
from accounts.models import CodeRequest
from accounts.own_account.codes import PURPOSE, Asked
from accounts.refusals import CodeUsed, Refusal
from accounts.services.request_code import request_code
from vault.limits import Limit

ACCOUNT_TRIES = Limit(
    name="account-code-tries",
    sentence="Five wrong codes to change an account, then a wait that doubles from 15 minutes to a day",
    tries=5,
    window=timedelta(days=1),
    penalty=timedelta(minutes=15),
    penalty_cap=timedelta(days=1),
)
ACCOUNT_TRIES_A_DAY = Limit(
    name="account-code-tries-a-day",
    sentence="Ten wrong codes to change an account in 24 hours",
    tries=10,
    window=timedelta(days=1),
)
ACCOUNT_LIMITS = (ACCOUNT_TRIES, ACCOUNT_TRIES_A_DAY)

Act = Callable[[datetime], bool]


def request_account_code(*, asked: Asked, address: str, programme: str = "", press: str = "") -> CodeRequest:
    """Ask for a code to this contact. Raises what `request_code` raises."""
    return request_code(
        purpose=PURPOSE, body=asked.body(programme), subject=asked.contact, address=address, press=press
    )


def prove_contact(*, asked: Asked, otp: str, address: str, press: str, then: Act) -> None:
    """Try the digits, use them up and do `then(at)`, in one transaction.

    Wrong ones are counted for account, act and contact, a doubled `press` once. Raises, after the count is committed:
    TooManyChecks, TooManyTries, CodeNotAccepted, CodeExpired (ask for a new one), CodeUsed (also where `then` says
    that there was nothing left to do).
    """
    address_limits.count_check(address)
    with transaction.atomic(durable=True):
        refusal = _try(asked, otp, press, then, timezone.now())
    if refusal is not None:
        raise refusal


def account_code_locked_until(*, asked: Asked) -> datetime | None:
    """Until when no code is tried for this; None while one may be."""
    return locked_until(ACCOUNT_LIMITS, asked.subject)


def _try(asked: Asked, otp: str, press: str, then: Act, at: datetime) -> Refusal | None:
    tried = [(limit, asked.subject) for limit in ACCOUNT_LIMITS]
    code = use_code(asked.codes(), otp, tried=tried, at=at, press=press)
    if isinstance(code, Refusal):
        return code
    return None if then(at) else CodeUsed()

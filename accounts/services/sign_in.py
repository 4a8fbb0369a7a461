"""Signing in by a code that went to a contact."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts import address_limits
from accounts.code_tries import locked_until, use_code
from accounts.contacts import index_of
from accounts.models import CodeRequest, SignInCode, User
from accounts.refusals import Refusal
from accounts.services.request_code import request_code
from accounts.signing_in.codes import PURPOSE
from vault.limits import Limit

SIGN_IN_TRIES = Limit(
    name="sign-in-tries",
    sentence="Five wrong sign-in codes for one contact, then a wait that doubles from 15 minutes to a day",
    tries=5,
    window=timedelta(days=1),
    penalty=timedelta(minutes=15),
    penalty_cap=timedelta(days=1),
)
SIGN_IN_TRIES_A_DAY = Limit(
    name="sign-in-tries-a-day",
    sentence="Ten wrong sign-in codes for one contact in 24 hours",
    tries=10,
    window=timedelta(days=1),
)
SIGN_IN_LIMITS = (SIGN_IN_TRIES, SIGN_IN_TRIES_A_DAY)


def request_sign_in_code(*, contact: str, address: str, programme: str = "", press: str = "") -> CodeRequest:
    """Ask for a code to sign in with. `contact` is a phone (E.164) or email; raises what `request_code` raises."""
    body = {"contact": contact, "programme": programme}
    return request_code(purpose=PURPOSE, body=body, subject=contact, address=address, press=press)


def sign_in(*, contact: str, otp: str, address: str, press: str = "") -> User:
    """Try six digits for a contact and give the account they open.

    Tries are counted for the contact as typed, a doubled `press` once. Raises, after the count is committed:
    TooManyChecks, TooManyTries, CodeNotAccepted, CodeExpired (ask for a new code), CodeUsed.
    """
    address_limits.count_check(address)
    with transaction.atomic(durable=True):
        outcome = _try_code(contact, otp, press, timezone.now())
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def sign_in_locked_until(*, contact: str) -> datetime | None:
    """Until when no code is tried for this contact; None while one may be."""
    return locked_until(SIGN_IN_LIMITS, contact)


def _try_code(contact: str, otp: str, press: str, at: datetime) -> User | Refusal:
    """Use the code up and give the account it opens."""
    tried = [(limit, contact) for limit in SIGN_IN_LIMITS]
    codes = SignInCode.objects.filter(contact_index=index_of(contact))
    code = use_code(codes, otp, tried=tried, at=at, press=press)
    return code if isinstance(code, Refusal) else User.objects.get(pk=code.user_id)

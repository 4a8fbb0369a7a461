"""Signing in by a code that went to a contact."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts import address_limits
from accounts.contacts import index_of
from accounts.models import CodeRequest, SignInCode, User
from accounts.refusals import CodeExpired, CodeNotAccepted, CodeUsed, Refusal, TooManyTries
from accounts.services.request_code import request_code
from accounts.sign_in_codes import PURPOSE
from cards.one_time_codes import CodeState
from vault import limits
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


def locked_until(*, contact: str) -> datetime | None:
    """Until when no code is tried for this contact; None while one may be."""
    held = [limits.peek(limit, contact) for limit in SIGN_IN_LIMITS]
    return max((count.until for count in held if not count.allowed and count.until), default=None)


def _try_code(contact: str, otp: str, press: str, at: datetime) -> User | Refusal:
    """Count, compare, consume. The counted row stays locked, so tries for one contact come one after the other."""
    tried = [(limit, contact) for limit in SIGN_IN_LIMITS]
    counts = limits.count_all(tried, once=press)
    for count in counts:
        if not count.allowed:
            return TooManyTries(until=count.until or at)
    newest = SignInCode.objects.filter(contact_index=index_of(contact)).order_by("-issued_at").first()
    alike = (newest or SignInCode.dummy()).matches(otp)
    outcome = _use_up(newest, at) if newest and alike else None
    if outcome is None:
        locks = [count.until for count in counts if count.until]
        return TooManyTries(until=max(locks)) if locks else CodeNotAccepted(min(count.left for count in counts))
    limits.give_back_all(tried)  # right digits cost nothing
    return outcome


def _use_up(code: SignInCode, at: datetime) -> User | CodeUsed | CodeExpired | None:
    """Consume the code by one conditional statement and give the account it opens. None: it is no good."""
    if SignInCode.objects.filter(pk=code.pk).consume(at):
        return User.objects.get(pk=code.user_id)
    if code.consumed_at:
        return CodeUsed()
    return CodeExpired() if code.state(at) == CodeState.EXPIRED else None

"""A new PIN for somebody who does not know the old one: a code to a registered contact, then code and PIN together."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts import address_limits
from accounts.code_tries import locked_until
from accounts.models import CodeRequest, PinReset, PinResetCode
from accounts.pins.changes import why_unfit
from accounts.pins.codes import PURPOSE, Asked
from accounts.refusals import CardUnfit, CodeExpired, CodeNotAccepted, CodeUsed, Refusal, TooManyTries
from accounts.services.begin_pin_reset import begin_pin_reset, refuse_easy_pin
from accounts.services.request_code import request_code
from cards import pins
from cards.one_time_codes import CodeState
from cards.pins import Kept
from vault import limits
from vault.limits import Limit

PIN_CODE_TRIES = Limit(
    name="pin-reset-code-tries",
    sentence="Five wrong PIN reset codes for one card, then a wait that doubles from 15 minutes to a day",
    tries=5,
    window=timedelta(days=1),
    penalty=timedelta(minutes=15),
    penalty_cap=timedelta(days=1),
)
PIN_CODE_TRIES_A_DAY = Limit(
    name="pin-reset-code-tries-a-day",
    sentence="Ten wrong PIN reset codes for one card in 24 hours",
    tries=10,
    window=timedelta(days=1),
)
PIN_CODE_LIMITS = (PIN_CODE_TRIES, PIN_CODE_TRIES_A_DAY)


def request_pin_code(*, asked: Asked, address: str, programme: str = "", press: str = "") -> CodeRequest:
    """Ask for a code to a registered contact of the card. Raises what `request_code` raises, for known and unknown."""
    return request_code(
        purpose=PURPOSE, body=asked.body(programme), subject=asked.sent_for, address=address, press=press
    )


def reset_pin(*, asked: Asked, otp: str, pin: str, address: str, press: str = "") -> PinReset:
    """Try six digits and, if they are right, put the new PIN on its way; the old one works meanwhile.

    Signed in it takes effect when the host has said yes, without an account after the programme's delay as well. Right
    digits are used up only with a PIN that is good. Wrong ones are counted for what was submitted, a doubled `press`
    once. Raises, after the count is committed: PinTooEasy, PinMalformed, TooManyChecks, TooManyTries, CodeNotAccepted,
    CodeExpired (ask for a new code), CodeUsed, CardUnfit, TooManyResets.
    """
    address_limits.count_check(address)
    refuse_easy_pin(pin)
    with transaction.atomic(durable=True):
        found = _find(asked, otp, press, timezone.now())
    if isinstance(found, Refusal):
        raise found
    if why := why_unfit(found.card):
        raise CardUnfit(why)
    refuse_easy_pin(pin, found.card)
    kept = pins.prepare_pin(card_id=found.card_id, pin=pin)
    with transaction.atomic(durable=True):
        outcome = _use_up(asked, found, kept, timezone.now())
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def pin_code_locked_until(*, asked: Asked) -> datetime | None:
    """Until when no code is tried for this; None while one may be."""
    return locked_until(PIN_CODE_LIMITS, asked.subject)


def _find(asked: Asked, otp: str, press: str, at: datetime) -> PinResetCode | Refusal:
    """Count and compare. The counted row stays locked, so tries for one card come one after the other."""
    tried = [(limit, asked.subject) for limit in PIN_CODE_LIMITS]
    counts = limits.count_all(tried, once=press)
    for count in counts:
        if not count.allowed:
            return TooManyTries(until=count.until or at)
    codes = asked.codes()
    code: PinResetCode | None = codes.matching(otp)
    state = code.state(at) if code else None
    if code is None or state not in (CodeState.LIVE, CodeState.CONSUMED, CodeState.EXPIRED):
        locks = [count.until for count in counts if count.until]
        return TooManyTries(until=max(locks)) if locks else CodeNotAccepted(min(count.left for count in counts))
    limits.give_back_all(tried)  # right digits cost nothing
    if state == CodeState.CONSUMED:
        return CodeUsed()
    if not codes.live(at).filter(pk=code.pk).exists():  # by the clock, or its contact is no longer the card's
        return CodeExpired()
    return code


def _use_up(asked: Asked, code: PinResetCode, kept: Kept, at: datetime) -> PinReset | Refusal:
    """Consume the code by one conditional statement, and put the new PIN on its way."""
    user_id = code.user_id
    way = PinReset.Way.ACCOUNT if user_id else PinReset.Way.FORGOTTEN
    begun = begin_pin_reset(card_id=code.card_id, user_id=user_id, way=way, kept=kept, at=at)
    if isinstance(begun, PinReset) and not asked.codes().filter(pk=code.pk).consume(at):
        transaction.set_rollback(True)
        return CodeUsed()
    return begun

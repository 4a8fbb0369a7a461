"""Trying six digits against the codes that went out for exactly one thing, inside the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.refusals import CodeExpired, CodeNotAccepted, CodeUsed, Refusal, TooManyTries
from cards.one_time_codes import CodeState, OneTimeCodeQuerySet
from vault import limits
from vault.limits import Limit


def use_code(
    codes: OneTimeCodeQuerySet, otp: str, *, tried: Sequence[tuple[Limit, str]], at: datetime, press: str = ""
) -> Any | Refusal:
    """Count, compare, consume; the newest of `codes` when it was good, else the refusal to raise after the commit.

    The counted rows of `tried` stay locked, so tries for one subject come one after the other.
    """
    counts = limits.count_all(tried, once=press)
    for count in counts:
        if not count.allowed:
            return TooManyTries(until=count.until or at)
    code = codes.matching(otp)
    refusal = _use_up(codes, code, at) if code else None
    if code is None or isinstance(refusal, CodeNotAccepted):
        locks = [count.until for count in counts if count.until]
        return TooManyTries(until=max(locks)) if locks else CodeNotAccepted(min(count.left for count in counts))
    limits.give_back_all(tried)  # right digits cost nothing
    return refusal or code


def locked_until(held: Sequence[Limit], subject: str) -> datetime | None:
    """Until when no code is tried for this subject; None while one may be. Counts nothing."""
    counts = [limits.peek(limit, subject) for limit in held]
    return max((count.until for count in counts if not count.allowed and count.until), default=None)


def _use_up(codes: OneTimeCodeQuerySet, code: Any, at: datetime) -> Refusal | None:
    """Consume the code by one conditional statement; None when it was good."""
    if codes.model.objects.filter(pk=code.pk).consume(at):
        return None
    if code.consumed_at:
        return CodeUsed()
    return CodeExpired() if code.state(at) == CodeState.EXPIRED else CodeNotAccepted(0)

"""How often a code is sent. Subjects are what was submitted, so that what does not exist runs out like what does.

Every sending counts, the automatic ones too, whatever the code is for: the same contact or card is not flooded
through another door. Only the codes of a loss (freeze, unfreeze, "it was not me") count by themselves: whoever has
signed in three times within an hour can still freeze a card.
"""

from datetime import datetime, timedelta
from math import ceil

from django.utils import timezone

from accounts.refusals import SendTooEarly, TooManySends
from vault import limits
from vault.limits import Limit

SENDS_A_DAY = Limit(
    name="code-sends-a-day",
    sentence="Five codes for one card or contact in 24 hours",
    tries=5,
    window=timedelta(days=1),
)
SENDS_AN_HOUR = Limit(
    name="code-sends-an-hour",
    sentence="Three codes for one card or contact in an hour",
    tries=3,
    window=timedelta(hours=1),
)
SENDS_APART = Limit(
    name="code-sends-apart",
    sentence="60 seconds between two codes for one card or contact",
    tries=1,
    window=timedelta(seconds=60),
)
FROM_LONGEST = (SENDS_A_DAY, SENDS_AN_HOUR, SENDS_APART)


def for_losses(contact: str) -> str:
    """The subject that the codes of a loss count for, beside the contact that all others count for."""
    return f"loss|{contact}"


def count_send(subject: str) -> SendTooEarly | TooManySends | None:
    """Count one sending for this subject, or say why it may not be; a refused one counts nowhere.

    Run it in the transaction that writes what is to be sent, and raise the refusal after the commit.
    """
    counts = limits.count_all([(limit, subject) for limit in FROM_LONGEST])
    for limit, count in zip(FROM_LONGEST, counts, strict=True):
        if not count.allowed and count.until is not None:
            return _refusal(limit, count.until)
    return None


def count_automatic_send(subject: str) -> TooManySends | None:
    """Count a sending that no button was pressed for, or say why it may not be.

    It does not wait for the 60 seconds after the sending that it follows, but the next press of a button does.
    """
    longest = (SENDS_A_DAY, SENDS_AN_HOUR)
    for count in limits.count_all([(limit, subject) for limit in longest]):
        if not count.allowed and count.until is not None:
            return TooManySends(count.until)
    limits.count(SENDS_APART, subject)
    return None


def next_send(subject: str) -> SendTooEarly | TooManySends | None:
    """What asking for a code now would meet; None where one would be sent. Counts nothing."""
    for limit in FROM_LONGEST:
        count = limits.peek(limit, subject)
        if not count.allowed and count.until is not None:
            return _refusal(limit, count.until)
    return None


def _refusal(limit: Limit, until: datetime) -> SendTooEarly | TooManySends:
    return SendTooEarly(until) if limit is SENDS_APART else TooManySends(until)


def seconds_to_next_send(subject: str) -> int:
    """Tell how many of the 60 seconds after the last sending are left, for a page to count down; 0 for none."""
    until = limits.peek(SENDS_APART, subject).until
    return ceil((until - timezone.now()).total_seconds()) if until else 0

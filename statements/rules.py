"""The rules by which a payment is told of: plain comparisons that a person can read in the settings, and tune."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from statements.models import AlertSettings, Transaction
from statements.models.alerts import Rule

SHORT_TIME = timedelta(minutes=10)
"""Within which several payments are many."""
LONG_USED = timedelta(days=30)
"""Since when a card must have been used before a kind of merchant can be new to it: at first every one is."""

PAYMENTS = frozenset(
    {Transaction.Kind.PURCHASE, Transaction.Kind.WITHDRAWAL, Transaction.Kind.TRANSFER, Transaction.Kind.OTHER}
)
"""What somebody does with a card; fees and interest are the issuer's own."""


@dataclass(frozen=True)
class Before:
    """What went before a payment: how many in the last SHORT_TIME, with itself, and whether its kind is new."""

    count: int
    new_kind: bool


class Match(NamedTuple):
    """A rule that names a payment, and what it compared with: a limit, an hour, how many."""

    rule: Rule
    measure: int = 0


def matches(paid: Transaction, at: datetime, region: str, before: Before, wanted: AlertSettings) -> list[Match]:
    """Give the rules that name this payment, of those that are told anywhere.

    `at` is its moment in the programme's zone, `region` the programme's home.
    """
    found = []
    if paid.currency == wanted.currency and -paid.amount > wanted.limit:
        found.append(Match(Rule.AMOUNT, wanted.limit))
    if paid.country and paid.country != region:
        found.append(Match(Rule.ABROAD))
    if is_night(at.hour, wanted.night_from, wanted.night_until):
        found.append(Match(Rule.NIGHT, at.hour))
    if before.count >= wanted.repeats:
        found.append(Match(Rule.REPEATS, before.count))
    if before.new_kind:
        found.append(Match(Rule.FIRST))
    return [match for match in found if wanted.told_by(match.rule)]


def is_night(hour: int, begins: int, ends: int) -> bool:
    """Say whether an hour is in a night that may go over midnight; equal ends are no night."""
    if begins <= ends:
        return begins <= hour < ends
    return hour >= begins or hour < ends

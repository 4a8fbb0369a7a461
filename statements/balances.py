"""Balances as pages tell them: never without their moment."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pages.markup import digits
from pages.money import money
from pages.times import clock
from statements.models import Balance

OLD = timedelta(hours=24)
"""A balance of longer ago is said to be old."""


@dataclass(frozen=True)
class BalanceTold:
    """A balance: its amount, and of when it is in words."""

    amount: SafeString
    moment: str
    old: bool


def tell_balance(balance: Balance, zone: ZoneInfo, now: datetime) -> BalanceTold:
    """Tell a balance in the current language, its moment in the programme's zone."""
    with timezone.override(zone):
        as_of = clock(balance.as_of)
    old = now - balance.as_of > OLD
    words = _("as of %(time)s, more than 24 hours ago") if old else _("as of %(time)s")
    return BalanceTold(digits(money(balance.amount, balance.currency)), words % {"time": as_of}, old)


def balances_of(card_ids: Collection[UUID]) -> dict[UUID, Balance]:
    """Find the balances of cards; those without one are left out."""
    return Balance.objects.in_bulk(card_ids)

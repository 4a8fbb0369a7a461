"""How many text messages and calls go out: to a country, and to one number, in an hour and in a day.

Counted by the batch, right before messages are handed over, and each message once: what was not sent after all is put
back, so a retry takes it again. What may not go ends, so that its kind sends it another way (by email), unless it has
no other way and is worth waiting for.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

import phonenumbers
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from messaging.answers import Answer, Later, Refused, Taken
from messaging.breaker import PROBES, is_half_open, is_open
from messaging.destinations import HOME, destination_of, known_destinations
from messaging.kinds import kind_named
from messaging.models import Destination, Message, OperationsNotice
from messaging.notices import Cause, tell_staff
from vault import limits
from vault.limits import Limit

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CODES_TO_A_NUMBER = (
    Limit(
        name="codes-to-a-number-a-day",
        sentence="Twenty codes by text message and call to one number in 24 hours",
        tries=20,
        window=DAY,
    ),
    Limit(
        name="codes-to-a-number-an-hour",
        sentence="Ten codes by text message and call to one number in an hour",
        tries=10,
        window=HOUR,
    ),
)
NOTICES_TO_A_NUMBER = (
    Limit(
        name="notices-to-a-number-a-day",
        sentence="Twenty text messages without a code to one number in 24 hours",
        tries=20,
        window=DAY,
    ),
    Limit(
        name="notices-to-a-number-an-hour",
        sentence="Ten text messages without a code to one number in an hour",
        tries=10,
        window=HOUR,
    ),
)
"""By themselves: what a person did with a card and is told of must not use up the code that freezes it."""
TO_A_NUMBER = (*CODES_TO_A_NUMBER, *NOTICES_TO_A_NUMBER)
TO_A_PREFIX = {
    Cause.BUDGET_A_DAY: Limit(
        name="messages-to-a-prefix-a-day",
        sentence="As many text messages and calls to a country in 24 hours as its destination says",
        tries=1,
        window=DAY,
    ),
    Cause.BUDGET_AN_HOUR: Limit(
        name="messages-to-a-prefix-an-hour",
        sentence="As many text messages and calls to a country in an hour as its destination says",
        tries=1,
        window=HOUR,
    ),
}
CAUSES = {limit.name: cause for cause, limit in TO_A_PREFIX.items()}
FAILURES = {
    **{limit.name: gettext_noop("this number has had as many messages as one may get") for limit in TO_A_NUMBER},
    TO_A_PREFIX[Cause.BUDGET_A_DAY].name: gettext_noop("the daily budget of the destination is used up"),
    TO_A_PREFIX[Cause.BUDGET_AN_HOUR].name: gettext_noop("the hourly budget of the destination is used up"),
    PROBES.name: gettext_noop("stopped: too few codes sent there were used"),
}
NOT_ALLOWED = gettext_noop("the country is not allowed")
BULK_SHARE = 2  # what nobody waits for takes one half of a budget, so that codes find the other one

Counted = tuple[Limit, str]
"""A limit and what it counts: a prefix, or the keyed digest of a number."""


class Allowance:
    """What the messages of one batch have taken from the budgets. Leaving it puts back what was not sent."""

    def __init__(self) -> None:
        self.taken: dict[UUID, list[Counted]] = {}

    def turn_away(self, wanted: Sequence[tuple[Message, str]]) -> dict[UUID, Refused | Later]:
        """Take for these messages and their numbers (E.164), in one statement; those that may not go, and why."""
        at, known = timezone.now(), known_destinations()
        away: dict[UUID, Refused | Later] = {}
        asking: dict[UUID, list[Counted]] = {}
        for message, number in wanted:
            destination = destination_of(number, known)
            if destination is None or not is_allowed(destination):
                away[message.pk] = Refused("", NOT_ALLOWED)
                tell_not_allowed(number, at)
            elif is_open(destination, at):
                away[message.pk] = Refused("", FAILURES[PROBES.name])
            elif message.pk not in self.taken:
                asking[message.pk] = counted_for(message, destination, at)
        used_up = self._take(asking)
        until = {one: limits.peek(*one).until or at for one in set(used_up.values())}
        for message, _number in wanted:
            if one := used_up.get(message.pk):
                away[message.pk] = _instead_of_sending(message, one[0], until[one])
        for one in {used_up[message.pk] for message, _number in wanted if message.urgent and message.pk in used_up}:
            tell_used_up(*one, at, until[one])
        return away

    def _take(self, asking: dict[UUID, list[Counted]]) -> dict[UUID, Counted]:
        """Take what there is, for the first ones first; what is used up for each of the others."""
        if not asking:
            return {}
        used_up: dict[UUID, Counted] = {}
        with transaction.atomic(savepoint=False):
            left = limits.take(Counter(one for counted in asking.values() for one in counted))
            for pk, counted in asking.items():
                short = next((one for one in counted if not left[one]), None)
                if short is not None:
                    used_up[pk] = short
                    continue
                self.taken[pk] = counted
                for one in counted:
                    left[one] -= 1
            limits.put_back({one: many for one, many in left.items() if many})
        return used_up

    def settle(self, answers: Iterable[tuple[Message, Answer]]) -> None:
        """What a gateway has taken stays counted."""
        for message, answer in answers:
            if isinstance(answer, Taken):
                self.taken.pop(message.pk, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        limits.put_back(Counter(one for counted in self.taken.values() for one in counted))


def is_allowed(destination: Destination) -> bool:
    """Whether anything at all may be sent there."""
    return destination.allowed and 0 not in (destination.hourly_budget, destination.daily_budget)


def country_of(to_masked: str) -> str:
    """The country of a masked number, which shows it unless it is the mainland's."""
    return to_masked.partition(" ")[0] if to_masked.startswith("+") else HOME


def is_closed(number: str, known: Sequence[Destination]) -> bool:
    """Whether nothing is sent to the country of a number, which may be masked."""
    destination = destination_of(country_of(number), known)
    return destination is None or not is_allowed(destination)


def counted_for(message: Message, destination: Destination, at: datetime) -> list[Counted]:
    """Everything that a message counts for. `at` tells whether the destination is half open."""
    prefix = destination.prefix
    daily, hourly = TO_A_PREFIX[Cause.BUDGET_A_DAY], TO_A_PREFIX[Cause.BUDGET_AN_HOUR]
    budgets = ((daily, destination.daily_budget), (hourly, destination.hourly_budget))
    share = 1 if message.urgent else BULK_SHARE
    return [
        *((replace(limit, tries=max(tries // share, 1)), prefix) for limit, tries in budgets if tries),
        *([(PROBES, prefix)] if is_half_open(destination, at) else []),
        *((limit, str(message.contact_index)) for limit in limits_of_a_number(message)),
    ]


def limits_of_a_number(message: Message) -> tuple[Limit, ...]:
    """What a message counts for at its number."""
    kind = kind_named(message.kind)
    return CODES_TO_A_NUMBER if kind and kind.carries_code else NOTICES_TO_A_NUMBER


def tell_used_up(limit: Limit, subject: str, at: datetime, until: datetime) -> None:
    """Tell staff, once a budget and window. Of numbers once a day, whichever they are."""
    cause = CAUSES.get(limit.name)
    if cause is not None:
        tell_staff(cause, prefix=subject, window=until.isoformat(), at=at, until=until)
    elif limit in TO_A_NUMBER:
        tell_staff(Cause.NUMBER_BUDGET, window=at.date().isoformat(), at=at, until=until)


def tell_not_allowed(number: str, at: datetime) -> None:
    """Tell staff, once a day and country."""
    try:
        prefix = f"+{phonenumbers.parse(number).country_code}"
    except phonenumbers.NumberParseException:
        prefix = ""
    tell_staff(Cause.NOT_ALLOWED, prefix=prefix, window=at.date().isoformat(), at=at, until=at + DAY)


def cause_lasts(notice: OperationsNotice, known: Sequence[Destination]) -> bool:
    """Whether staff have not mended it yet, by the destinations of now: no country allowed, no budget raised."""
    cause, prefix = Cause(notice.cause), notice.prefix
    destination = destination_of(prefix, known)
    if cause == Cause.NOT_ALLOWED:
        within = [one for one in known if one.prefix.startswith(prefix)]
        return destination is None or not all(is_allowed(one) for one in (destination, *within))
    if cause in TO_A_PREFIX and destination is not None:
        budget = destination.hourly_budget if cause == Cause.BUDGET_AN_HOUR else destination.daily_budget
        return (
            budget is not None and not limits.peek(replace(TO_A_PREFIX[cause], tries=max(budget, 1)), prefix).allowed
        )
    return True


def _instead_of_sending(message: Message, limit: Limit, until: datetime) -> Refused | Later:
    kind = kind_named(message.kind)
    if until < message.deadline and not (kind and kind.instead):
        return Later(until, FAILURES[limit.name])
    return Refused("", FAILURES[limit.name])

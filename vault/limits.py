"""Limits on guessing: a named limit, counted by one SQL upsert, exact at any concurrency on both databases."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, cached_property
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from vault.blind_index import blind_index
from vault.models import Counter
from vault.planned import planned_cursor
from vault.sweeping import delete_in_steps

LONGEST_WINDOW = timedelta(days=7)


@dataclass(frozen=True)
class Limit:
    """At most `tries` within `window`, for each subject.

    The try that reaches the limit is still allowed; the next ones are refused until the window ends or, with a
    `penalty`, until the penalty is served: doubled for each lock that follows a served one, up to `penalty_cap`.
    `sentence` says in words what is limited and why.
    """

    name: str
    sentence: str
    tries: int
    window: timedelta
    penalty: timedelta | None = None
    penalty_cap: timedelta | None = None

    def __post_init__(self) -> None:
        if self.tries < 1:
            raise ValueError(f"The limit {self.name!r} must allow at least one try.")
        if not timedelta(0) < self.window <= LONGEST_WINDOW:
            raise ValueError(f"The window of the limit {self.name!r} must be longer than 0 and at most 7 days.")
        if self.penalty is not None and not timedelta(0) < self.penalty <= self.longest_penalty <= LONGEST_WINDOW:
            raise ValueError(f"The penalty of the limit {self.name!r} must be above 0, at most its cap and 7 days.")

    @property
    def longest_penalty(self) -> timedelta:
        return self.penalty_cap or self.penalty or timedelta(0)

    @cached_property
    def penalties(self) -> tuple[timedelta, ...]:
        """How long the first, second, third ... lock lasts; the last of them repeats."""
        if self.penalty is None:
            return ()
        steps = [self.penalty]
        while steps[-1] < self.longest_penalty:
            steps.append(min(steps[-1] * 2, self.longest_penalty))
        return tuple(steps)


@dataclass(frozen=True)
class Count:
    """What counting said. `until`: the end of the refusal, where no try is left (`left == 0`)."""

    allowed: bool
    tries: int
    left: int
    until: datetime | None


Counted = tuple[Limit, str]
"""A limit and the subject that is counted under it."""


def count(limit: Limit, subject: str, *, once: str = "") -> Count:
    """Count one try of the subject under one limit: `count_all` of one."""
    return count_all([(limit, subject)], once=once)[0]


def count_all(counted: Sequence[Counted], *, once: str = "") -> list[Count]:
    """Count one try under each of these and say, in their order, whether it may be evaluated.

    A try that one of them refuses is counted under none. `once` names one press of one button: a doubled press is the
    same try, evaluated again and not counted again. It must depend on everything that was submitted, or one name would
    buy any number of guesses.

    One statement, in the caller's transaction: the rows stay locked until that ends, so tries of one subject are
    evaluated one by one. A refusal by an exception inside the transaction would give the try back, so answer by value
    and raise after the commit. The rows are locked in the given order: give the same one everywhere. Outside of any
    transaction a refused try is seen as counted for a moment by those that do not refuse it; that lets nobody through.
    """
    at = timezone.now()
    keys = [_key(limit, subject) for limit, subject in counted]
    with planned_cursor() as cursor:
        cursor.execute(_upsert(tuple(limit for limit, _ in counted)), _parameters(counted, keys, at, once))
        rows = cursor.fetchall()  # every row: on SQLite a statement that is not read to its end keeps its lock
    tries = {key if isinstance(key, uuid.UUID) else uuid.UUID(key): number for key, number in rows}
    if len(tries) < len(keys):
        _give_back([key for key in keys if key in tries])
    return [_told(limit, key, tries.get(key), at) for (limit, _), key in zip(counted, keys, strict=True)]


def _told(limit: Limit, key: uuid.UUID, tries: int | None, at: datetime) -> Count:
    if tries is None:
        return Count(False, limit.tries, 0, _until(key) or at)
    left = max(limit.tries - tries, 0)
    return Count(True, tries, left, None if left else _until(key))


def give_back(limit: Limit, subject: str) -> None:
    """Undo one counted try and the lock that it caused: `give_back_all` of one."""
    give_back_all([(limit, subject)])


def give_back_all(counted: Sequence[Counted]) -> None:
    """Undo one counted try under each of these, and the locks that it caused, in the same transaction as the count.

    Locks that were served before it stay remembered: a right entry does not shorten the next lock.
    """
    _give_back([_key(limit, subject) for limit, subject in counted])


def _give_back(keys: Sequence[uuid.UUID]) -> None:
    if keys:
        with planned_cursor() as cursor:
            cursor.execute(GIVE_BACK.format(", ".join(["%s"] * len(keys))), [_column(key) for key in keys])


def take(wanted: Mapping[Counted, int]) -> dict[Counted, int]:
    """Count so many tries for each limit and subject, and say how many of each are allowed, from none to all.

    For what is counted by the batch: one statement counts them all, a second one gives back what was refused, in one
    transaction, so that nobody sees the refused ones as counted, and who dies in between has counted nothing. The
    limits have no penalty, and no name and subject comes twice. A limit whose number is data is made from it; two of
    one name share their counters, so that one of them can stop earlier than the other.
    """
    if any(limit.penalties for limit, _subject in wanted):
        raise ValueError("A limit with a penalty is counted try by try.")
    with transaction.atomic(savepoint=False):
        counted = _add_many(wanted, COUNT_MANY)
        allowed = {
            (limit, subject): min(max(limit.tries - (counted[_key(limit, subject)] - many), 0), many)
            for (limit, subject), many in wanted.items()
        }
        put_back({one: many - allowed[one] for one, many in wanted.items() if many > allowed[one]})
    return allowed


def put_back(taken: Mapping[Counted, int]) -> None:
    """Undo so many tries that `take` allowed and that did not happen."""
    _add_many(taken, PUT_BACK_MANY)


def _add_many(many: Mapping[Counted, int], how: str) -> dict[uuid.UUID, int]:
    """One upsert, by key, so that two of them never wait for each other in a circle; the counts after it."""
    if not many:
        return {}
    at = timezone.now()
    rows = sorted((_key(limit, subject), tries, at + limit.window) for (limit, subject), tries in many.items())
    adapt = connection.ops.adapt_datetimefield_value
    values = [value for key, tries, ends_at in rows for value in (_column(key), tries, adapt(ends_at))]
    statement = how.format(rows=", ".join(["(%s, %s, %s, 0)"] * len(rows)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *[adapt(at)] * statement.count("c.ends_at > %s")])
        return {uuid.UUID(str(key)): tries for key, tries in cursor.fetchall()}


def peek(limit: Limit, subject: str) -> Count:
    """What the next try would meet, without counting one: `tries` so far, `left` to go."""
    at = timezone.now()
    held = Counter.objects.filter(key=_key(limit, subject)).first()
    if held is None or (held.locked_until or held.ends_at) <= at:
        return Count(True, 0, limit.tries, None)
    if held.locked_until or held.tries >= limit.tries:
        return Count(False, held.tries, 0, held.locked_until or held.ends_at)
    return Count(True, held.tries, limit.tries - held.tries, None)


def forget_spent_counters(at: datetime) -> int:
    """Delete the counters that no limit can still look at; how many went. For a task on the beat."""
    long_over = at - LONGEST_WINDOW
    spent = Counter.objects.filter(ends_at__lt=long_over).exclude(locked_until__gte=long_over)
    return delete_in_steps(spent.order_by("ends_at"))


def _key(limit: Limit, subject: str) -> uuid.UUID:
    return blind_index(f"limit:{limit.name}", subject)


def _until(key: uuid.UUID) -> datetime | None:
    held = Counter.objects.filter(key=key).first()
    return None if held is None else held.locked_until or held.ends_at


GIVE_BACK = (
    "UPDATE vault_counter SET tries = tries - 1, locked_until = NULL, last_press = NULL "
    'WHERE "key" IN ({}) AND tries > 0'
)
COUNT_MANY = (
    'INSERT INTO vault_counter AS c ("key", tries, ends_at, rounds) VALUES {rows} ON CONFLICT ("key") DO UPDATE SET '
    "tries = CASE WHEN c.tries > 0 AND c.ends_at > %s THEN c.tries ELSE 0 END + excluded.tries, "
    "ends_at = CASE WHEN c.tries > 0 AND c.ends_at > %s THEN c.ends_at ELSE excluded.ends_at END "
    'RETURNING "key", tries'
)
PUT_BACK_MANY = (
    'INSERT INTO vault_counter AS c ("key", tries, ends_at, rounds) VALUES {rows} ON CONFLICT ("key") DO UPDATE SET '
    "tries = CASE WHEN c.tries > excluded.tries THEN c.tries - excluded.tries ELSE 0 END "
    'RETURNING "key", tries'
)
# `c` is the row as it was, {0} the place of its limit. A window goes on while it has tries, is not over and no lock
# closed it; everything else that is allowed starts a window. A lock served less than a window ago makes the next one
# longer; a window that went by without a lock forgets the earlier ones. A press is the same only until the window or
# its lock is over.
REPEATED = "(c.last_press = %(press)s AND COALESCE(c.locked_until, c.ends_at) > %(at)s)"
GOES_ON = "c.locked_until IS NULL AND c.tries > 0 AND c.ends_at > %(at)s"
TRIES = f"CASE WHEN {REPEATED} THEN c.tries WHEN {GOES_ON} THEN c.tries + 1 ELSE 1 END"
ROUNDS = (
    "CASE WHEN c.locked_until > %(remembered{0})s THEN c.rounds + 1 "
    "WHEN c.locked_until IS NULL AND c.ends_at > %(at)s THEN c.rounds ELSE 0 END"
)


@cache
def _upsert(limits: tuple[Limit, ...]) -> str:
    """The statement that counts one try under these limits. Made of constants: every value is a parameter."""
    places = range(len(limits))
    rows = ", ".join(f"(%(key{n})s, 1, %(ends{n})s, {_first_lock(limits[n], n)}, 0, %(press)s)" for n in places)
    rounds = _of_its_limit([ROUNDS.format(n) for n in places])
    lock = _of_its_limit([_lock(limits[n], n) for n in places])
    most = _of_its_limit([str(limit.tries) for limit in limits])
    return (
        'INSERT INTO vault_counter AS c ("key", tries, ends_at, locked_until, rounds, last_press) '  # noqa: S608
        f'VALUES {rows} ON CONFLICT ("key") DO UPDATE SET '
        f"tries = {TRIES}, ends_at = CASE WHEN {REPEATED} OR ({GOES_ON}) THEN c.ends_at ELSE excluded.ends_at END, "
        f"rounds = CASE WHEN {REPEATED} THEN c.rounds ELSE {rounds} END, "
        f"locked_until = {lock}, last_press = %(press)s "
        f"WHERE {REPEATED} OR c.locked_until <= %(at)s "
        f'OR (c.locked_until IS NULL AND (c.tries < {most} OR c.ends_at <= %(at)s)) RETURNING "key", tries'
    )


def _of_its_limit(expressions: list[str]) -> str:
    """The expression that belongs to the limit of the row."""
    *others, last = expressions
    if {*others} <= {last}:
        return last
    cases = " ".join(f"WHEN %(key{n})s THEN {expression}" for n, expression in enumerate(others))
    return f'CASE c."key" {cases} ELSE {last} END'


def _first_lock(limit: Limit, place: int) -> str:
    return f"%(lock{place}_0)s" if limit.penalties and limit.tries == 1 else "NULL"


def _lock(limit: Limit, place: int) -> str:
    if not limit.penalties:
        return "NULL"
    longest = len(limit.penalties) - 1
    rounds = " ".join(f"WHEN {n} THEN %(lock{place}_{n})s" for n in range(longest))
    lock = f"%(lock{place}_{longest})s"
    if longest:
        lock = f"CASE {ROUNDS.format(place)} {rounds} ELSE {lock} END"
    return f"CASE WHEN {REPEATED} THEN c.locked_until WHEN {TRIES} >= {limit.tries} THEN {lock} END"


def _parameters(counted: Sequence[Counted], keys: list[uuid.UUID], at: datetime, once: str) -> dict[str, Any]:
    moments = {"at": at}
    for n, (limit, _) in enumerate(counted):
        moments |= {f"ends{n}": at + limit.window, f"remembered{n}": at - limit.window}
        moments |= {f"lock{n}_{times}": at + penalty for times, penalty in enumerate(limit.penalties)}
    adapted = {name: connection.ops.adapt_datetimefield_value(moment) for name, moment in moments.items()}
    press = _column(blind_index("press", once)) if once else None
    return {**adapted, **{f"key{n}": _column(key) for n, key in enumerate(keys)}, "press": press}


def _column(key: uuid.UUID) -> Any:
    return key if connection.features.has_native_uuid_field else key.hex

"""Rotation: sealing everything again under the newest key, beside a running portal.

Each row is written only if it still holds the bytes that were read, so a change made meanwhile is never overwritten;
that row is met again in the next pass. Rows that others have locked are left for the next pass too, so nobody waits
for us in a circle. What is done is done: an interrupted rotation goes on where it was.
"""

import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, models, transaction

from vault.fields import EncryptedTextField
from vault.sealing import CannotUnseal, newest_prefix, seal, unseal
from vault.sessions import sealed_text, unsealed_bytes

BATCH = 500
PASSES = 10
PAUSE = 0.5  # seconds, for those who hold a row to be done with it


@dataclass(frozen=True)
class SealedColumn:
    """One sealed column. `reseal(pk, value)` raises CannotUnseal; `place(pk)` names the value without betraying it."""

    name: str
    prefix: bytes | str
    reseal: Callable[[Any, Any], Any]
    place: Callable[[Any], str]


@dataclass(frozen=True)
class SealedTable:
    """A table, its primary key's column, and its sealed columns."""

    name: str
    pk: str
    columns: tuple[SealedColumn, ...]


@dataclass
class Rotated:
    """What a rotation did: rows written, the places of values that no key opens, rows still sealed by an older key."""

    rows: int = 0
    unopened: dict[tuple[Any, str], str] = field(default_factory=dict)
    left: int = 0


def sealed_tables() -> list[SealedTable]:
    """Every installed model with encrypted fields, and the sessions."""
    tables = [table for model in apps.get_models(include_auto_created=True) if (table := _table_of(model))]
    return [*tables, _session_table()]


def count_stale(table: SealedTable) -> int:
    """How many rows hold a value that the newest key did not seal."""
    where, parameters = _stale(table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {_quoted(table.name)} WHERE {where}", parameters)  # noqa: S608
        return cursor.fetchall()[0][0]


def rotate(table: SealedTable, *, advance: Callable[[int], object] = lambda rows: None) -> Rotated:
    """Seal a table's values again under the newest key; `advance` is told how many rows each batch wrote."""
    done = Rotated()
    for number in range(PASSES):
        if number:
            time.sleep(PAUSE)
        missed = 0
        for batch in _stale_batches(table):
            written, asked = _write(table, _changes(table, batch, done.unopened))
            done.rows += written
            missed += asked - written
            advance(written)
        if not missed:
            break
    done.left = count_stale(table)
    return done


def _table_of(model: type[models.Model]) -> SealedTable | None:
    if model._meta.proxy or not model._meta.managed:
        return None
    fields = [one for one in model._meta.local_fields if isinstance(one, EncryptedTextField)]
    if not fields:
        return None
    columns = tuple(SealedColumn(_column(one), newest_prefix(), _reseal(one), _place(one)) for one in fields)
    return SealedTable(model._meta.db_table, _column(model._meta.pk), columns)


def _column(one: "models.Field[Any, Any]") -> str:
    return str(one.column)


def _reseal(one: EncryptedTextField) -> Callable[[Any, Any], bytes]:
    def reseal(pk: Any, value: Any) -> bytes:
        bound_to = one.bound_to(uuid.UUID(str(pk)))
        return seal(unseal(bytes(value), bound_to=bound_to), bound_to=bound_to)

    return reseal


def _place(one: EncryptedTextField) -> Callable[[Any], str]:
    return lambda pk: f"{one.model._meta.db_table}.{one.column} of row {uuid.UUID(str(pk))}"


def _session_table() -> SealedTable:
    def reseal(session_key: str, text: str) -> str:
        return sealed_text(unsealed_bytes(text, session_key), session_key)

    prefix = newest_prefix().decode()
    # Whoever knows a session's key has the session: it is not named.
    column = SealedColumn("session_data", prefix, reseal, lambda session_key: "a session")
    return SealedTable(Session._meta.db_table, "session_key", (column,))


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _stale(table: SealedTable) -> tuple[str, list[Any]]:
    clauses = [f"substr({_quoted(column.name)}, 1, %s) <> %s" for column in table.columns]
    return f"({' OR '.join(clauses)})", [
        part for column in table.columns for part in (len(column.prefix), column.prefix)
    ]


def _stale_batches(table: SealedTable) -> Iterator[list[tuple[Any, ...]]]:
    where, parameters = _stale(table)
    names = ", ".join(_quoted(name) for name in (table.pk, *(column.name for column in table.columns)))
    select = f"SELECT {names} FROM {_quoted(table.name)} WHERE {where}"  # noqa: S608
    order = f" ORDER BY {_quoted(table.pk)} LIMIT {BATCH}"
    after: list[Any] = []
    while True:
        beyond = f" AND {_quoted(table.pk)} > %s" if after else ""
        with connection.cursor() as cursor:
            cursor.execute(select + beyond + order, [*parameters, *after])
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        after = [rows[-1][0]]


Change = tuple[Any, dict[str, tuple[Any, Any]]]


def _changes(
    table: SealedTable, rows: list[tuple[Any, ...]], unopened: dict[tuple[Any, str], str]
) -> Iterator[Change]:
    """For each row its id, and old and new bytes of every column that the newest key did not seal."""
    for pk, *values in rows:
        change = {}
        for column, value in zip(table.columns, values, strict=True):
            if value is None or value[: len(column.prefix)] == column.prefix:
                continue
            try:
                change[column.name] = value, column.reseal(pk, value)
            except CannotUnseal:
                unopened[pk, column.name] = column.place(pk)
        if change:
            yield pk, change


def _write(table: SealedTable, changes: Iterator[Change]) -> tuple[int, int]:
    """Write the rows that still hold the old bytes: how many were written, of how many."""
    groups: dict[tuple[str, ...], list[list[Any]]] = defaultdict(list)
    for pk, change in changes:
        old, new = [pair[0] for pair in change.values()], [pair[1] for pair in change.values()]
        groups[tuple(change)].append([*new, pk, *old])
    written = 0
    with transaction.atomic(), connection.cursor() as cursor:
        for columns, parameters in groups.items():
            cursor.executemany(_update(table, columns), parameters)
            written += cursor.rowcount
    return written, sum(len(parameters) for parameters in groups.values())


def _update(table: SealedTable, columns: tuple[str, ...]) -> str:
    name, pk = _quoted(table.name), _quoted(table.pk)
    new = ", ".join(f"{_quoted(column)} = %s" for column in columns)
    old = " AND ".join(f"{_quoted(column)} = %s" for column in columns)
    skip = " FOR NO KEY UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    return f"UPDATE {name} SET {new} WHERE {pk} IN (SELECT {pk} FROM {name} WHERE {pk} = %s AND {old}{skip})"  # noqa: S608

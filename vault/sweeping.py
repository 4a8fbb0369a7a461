"""Writing many rows in short steps, for the sweeps of every room: deleting them, or giving them the same values.

Each step is one statement in a transaction of its own, for rows that nobody else holds. So any number of sweeps run
beside each other and beside people, a row is written once, nobody waits in a circle, and what a stopped portal left
behind in a year is done step by step: a tick takes its time and the next one goes on.
"""

import time
from typing import Any

from django.db import connections, models, transaction

STEP = 1000
"""Rows."""
SECONDS = 5.0
"""For one tick of one sweep."""


def delete_in_steps(rows: models.QuerySet[Any], *, seconds: float = SECONDS, step: int = STEP) -> int:
    """Delete these rows, in the queryset's order, for at most about so many seconds; how many went.

    Nothing is asked of the rows that point to them: the database refuses where one does.
    """
    return _in_steps(rows, f"DELETE FROM {_table(rows)}", [], seconds, step)  # noqa: S608


def update_in_steps(
    rows: models.QuerySet[Any], values: dict[str, Any], *, seconds: float = SECONDS, step: int = STEP
) -> int:
    """Give these rows the values, in the queryset's order, for at most about so many seconds; how many got them.

    A row that has them must not be of the queryset any more, or it would be met again and again.
    """
    fields = {rows.model._meta.get_field(name): value for name, value in values.items()}
    connection = connections[rows.db]
    columns = ", ".join(f"{connection.ops.quote_name(field.column)} = %s" for field in fields)
    parameters = [field.get_db_prep_save(value, connection) for field, value in fields.items()]
    return _in_steps(rows, f"UPDATE {_table(rows)} SET {columns}", parameters, seconds, step)  # noqa: S608


def _in_steps(rows: models.QuerySet[Any], verb: str, parameters: list[Any], seconds: float, step: int) -> int:
    end, written = time.monotonic() + seconds, 0
    while True:
        now = _step(rows, verb, parameters, step)
        written += now
        # Fewer than a whole step: the rest is done, or somebody else is doing it.
        if now < step or time.monotonic() >= end:
            return written


def _step(rows: models.QuerySet[Any], verb: str, parameters: list[Any], step: int) -> int:
    connection = connections[rows.db]
    name, key = connection.ops.quote_name, str(rows.model._meta.pk.column)
    with transaction.atomic(using=rows.db, durable=True), connection.cursor() as cursor:
        wanted = rows.select_for_update(skip_locked=True).values("pk")[:step]
        chosen, chosen_parameters = wanted.query.get_compiler(rows.db).as_sql()
        # MATERIALIZED: chosen once. As a plain sub-select PostgreSQL may run it again and take more rows than a step.
        cursor.execute(
            f"{verb} WHERE {name(key)} IN (WITH chosen AS MATERIALIZED ({chosen}) SELECT * FROM chosen)",  # noqa: S608
            [*parameters, *chosen_parameters],
        )
        return int(cursor.rowcount)


def _table(rows: models.QuerySet[Any]) -> str:
    return connections[rows.db].ops.quote_name(rows.model._meta.db_table)

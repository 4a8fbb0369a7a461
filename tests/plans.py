"""What PostgreSQL would do for a query on a million rows, asked on a table that may hold none.

Its choice hangs on what it has counted and on the pages that a table has, and other tests leave both behind. So a test
that asks for a plan begins with tables as new ones, and rules out what a million rows would rule out.
"""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Model, QuerySet


def as_new(*models: type[Model]) -> None:
    """Empty their tables, and all that refer to them, for this transaction; it forgets their pages and counts."""
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")


def plan_of(asked: QuerySet[Model] | str, *, ruled_out: Sequence[str] = ("seqscan",)) -> str:
    """The plan for rows or for a statement without parameters; `ruled_out` as in `enable_…` of PostgreSQL."""
    sql, parameters = (asked, None) if isinstance(asked, str) else asked.query.sql_with_params()
    with connection.cursor() as cursor:
        for way in ruled_out:
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {sql}", parameters)
        return "\n".join(line for (line,) in cursor.fetchall())

"""Reading a great many rows in PostgreSQL's binary format, which psycopg takes apart in C.

Django's own cursor gets text, and its reader of moments is written in Python: half of what reading a row costs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from django.db import connection, models
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format

from vault.planned import instances

Row = TypeVar("Row", bound=models.Model)


class JsonbText(Loader):
    """JSON as the text that Django's fields read: behind one byte with the version of the format."""

    format = Format.BINARY

    def load(self, data: Buffer) -> str:
        return bytes(data)[1:].decode()


class BinaryCursor(psycopg.Cursor[Any]):
    """Gets rows in binary. Each statement is planned for its values, as Django's are."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        super().__init__(connection)
        self.adapters.register_loader("jsonb", JsonbText)

    def execute(self, query: Any, params: Any = None, **_how: Any) -> Any:
        return super().execute(query, params, prepare=False, binary=True)


@contextmanager
def _cursor() -> Iterator[Any]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and not connection.queries_logged:  # Django's log cannot read the other
            cursor.cursor.close()
            cursor.cursor = BinaryCursor(connection.connection)
        yield cursor


def read_rows(statement: str, values: Any, model: type[Row]) -> list[Row]:
    """Run a statement that gives `vault.planned.columns` of the model; an instance for each row."""
    with _cursor() as cursor:
        cursor.execute(statement, values)
        return [row for (row,) in instances(cursor.fetchall(), (model,))]


def read_values(queryset: models.QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """The rows of a `values_list`."""
    compiler = queryset.query.get_compiler(connection=connection)
    statement, values = compiler.as_sql()
    with _cursor() as cursor:
        cursor.execute(statement, values)
        return list(compiler.results_iter(results=[cursor.fetchall()], tuple_expected=True))

"""Putting many rows into a table at once: COPY on PostgreSQL, one prepared statement elsewhere."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection

_BLOCK = 200
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def put_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of text, whole numbers, bytes and None; ids and moments are given as text."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # What a cursor of Django passes on to psycopg does not raise Django's errors by itself.
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                lines = map(_line, rows)
                while block := "".join(islice(lines, _BLOCK)):
                    copy.write(block)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(rows))


def _line(row: Sequence[Any]) -> str:
    return "\t".join(map(_cell, row)) + "\n"


def _cell(value: Any) -> str:
    """Write a value in COPY's text format."""
    if isinstance(value, str):
        return value if value.isalnum() else value.translate(_ESCAPED)
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    return "\\N" if value is None else str(value)

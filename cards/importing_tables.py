"""Putting many rows into a table at once: COPY on PostgreSQL, one prepared statement elsewhere."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

Packed = str | tuple[Any, ...]
"""The values of a row as the database takes many of them: a line of COPY without its end, or just the values."""

_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def packer() -> Callable[[Sequence[Any]], Packed]:
    """Give a function that packs text, whole numbers, bytes and None; ids and moments are given as text.

    It asks the database nothing, and is looked up once because it is called for each row.
    """
    return _line if connection.vendor == "postgresql" else tuple


def unpack(packed: Packed) -> Sequence[Any]:
    """Give back packed values that were codes of letters and digits, bytes or None."""
    if not isinstance(packed, str):
        return packed
    cells = packed.split("\t")
    return [None if cell == "\\N" else bytes.fromhex(cell[3:]) if cell.startswith("\\\\x") else cell for cell in cells]


def put_rows(
    table: str, columns: Sequence[str], rows: Iterable[Packed], same: Mapping[str, Any] | None = None
) -> None:
    """Insert packed rows. `same` are columns that have one value in all of them."""
    same = same or {}
    names = ", ".join((*columns, *same))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            end = "".join(f"\t{_cell(value)}" for value in same.values()) + "\n"
            # What a cursor of Django passes on to psycopg does not raise Django's errors by itself.
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                copy.write("".join(f"{row}{end}" for row in rows))
        else:
            marks = ", ".join(["%s"] * (len(columns) + len(same)))
            values = tuple(same.values())
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", [(*row, *values) for row in rows])


def _line(values: Sequence[Any]) -> str:
    return "\t".join(map(_cell, values))


def _cell(value: Any) -> str:
    """Write a value in COPY's text format."""
    if isinstance(value, str):
        return value if value.isprintable() and "\\" not in value else value.translate(_ESCAPED)
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    return "\\N" if value is None else str(value)

"""The staging tables of an import: temporary, of one connection, and without anything personal.

They keep what would otherwise grow in memory with the file. On SQLite they lie in a file of their own, so that filling
them keeps nobody from writing to the portal's database.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from cards.importing_tables import Packed, packer, put_rows

StagedMistake = tuple[int, int, str, str]
"""The row's number, the place of the column, its name (empty for the whole row) and the reason in words."""

_TABLES = {
    "import_key": "row_no integer NOT NULL, key_index {uuid} NOT NULL, id_type varchar(20), id_index {uuid}",
    "import_replaces": "row_no integer NOT NULL, new_index {uuid} NOT NULL, old_index {uuid} NOT NULL",
    "import_mistake": "row_no integer NOT NULL, place integer NOT NULL, field varchar(20) NOT NULL, reason text",
    "import_kept": "row_no integer NOT NULL, state varchar(20) NOT NULL",
}
_PAGE = 1000


def create_staging() -> None:
    """Make empty staging tables for this connection, in place of those of an earlier import."""
    drop_staging()
    uuid = "uuid" if connection.vendor == "postgresql" else "char(32)"
    with connection.cursor() as cursor:
        for name, columns in _TABLES.items():
            cursor.execute(f"CREATE TEMPORARY TABLE {name} ({columns.format(uuid=uuid)})")


def drop_staging() -> None:
    """Drop the staging tables."""
    with connection.cursor() as cursor:
        for name in _TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS {name}")


def drop_keys() -> None:
    """Drop the keys of the rows, when all have been taken."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE import_key")


def stage_keys(keys: list[Packed], *, with_documents: bool = False) -> None:
    """Stage the keys of some rows: each row's number and the index of what may be in a file only once, packed; and the
    kind and the index of its document, where they are looked at."""
    put_rows("import_key", ("row_no", "key_index", *(("id_type", "id_index") if with_documents else ())), keys)


def stage_mistakes(mistakes: list[StagedMistake]) -> None:
    """Stage mistakes."""
    put_rows("import_mistake", ("row_no", "place", "field", "reason"), map(packer(), mistakes))


def stage_kept(kept: list[tuple[int, str]]) -> None:
    """Stage the rows whose cards stay as they are, with their states."""
    put_rows("import_kept", ("row_no", "state"), map(packer(), kept))


def reject_doubles(*, field: str, place: int, reason: str) -> int:
    """Make a mistake of every row whose key is in the file more than once; gives how many rows those are.

    `field` is the key's column, `place` where it stands. {row} in the reason becomes the number of the first row.
    """
    doubles = "SELECT key_index, MIN(row_no) AS first FROM import_key GROUP BY key_index HAVING COUNT(*) > 1"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO import_mistake SELECT n.row_no, %s, %s,"
            " REPLACE(%s, '{row}', CAST(d.first AS varchar(20)))"
            f" FROM import_key n JOIN ({doubles}) d ON d.key_index = n.key_index",
            [place, field, reason],
        )
        doubles_found = cursor.rowcount
        cursor.execute("CREATE INDEX IF NOT EXISTS import_mistake_row_no ON import_mistake (row_no)")
    return doubles_found


def rejected_among(first: int, last: int) -> frozenset[int]:
    """Give the rows from one number to another that have a mistake so far."""
    rows = _stream("SELECT DISTINCT row_no FROM import_mistake WHERE row_no BETWEEN %s AND %s", [first, last])
    return frozenset(row_no for (row_no,) in rows)


def staged_mistakes() -> Iterator[StagedMistake]:
    """Give all mistakes, in the order of the file."""
    return _stream("SELECT row_no, place, field, reason FROM import_mistake ORDER BY row_no, place")


def staged_kept() -> Iterator[tuple[int, str]]:
    """Give the rows whose cards stayed as they are, in the order of the file."""
    return _stream("SELECT row_no, state FROM import_kept ORDER BY row_no")


def count_rejected_rows() -> int:
    """Count the rows with at least one mistake."""
    ((rows,),) = _stream("SELECT COUNT(DISTINCT row_no) FROM import_mistake")
    return int(rows)


def _stream(sql: str, params: Sequence[Any] = ()) -> Iterator[Any]:
    """Give the rows of a query, fetched a page at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while page := cursor.fetchmany(_PAGE):
            yield from page

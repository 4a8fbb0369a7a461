"""The staging tables of an import: temporary, of one connection, and sealed like the table their rows go to.

On SQLite they lie in a file of their own, so that filling them keeps nobody from writing to the portal's database.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection

KEPT = (
    "id",
    "number",
    "number_index",
    "number_tail",
    "holder_name",
    "id_type",
    "id_number",
    "id_number_index",
    "id_number_tail",
    "phone",
    "phone_index",
    "email",
    "email_index",
    "language",
    "expires_on",
    "record_digest",
)
"""The columns of a card that come from a row. A rejected row is staged by `number_index` alone, for its doubles."""

StagedRow = tuple[Any, ...]
"""The row's number, then the values of KEPT: sealed ones as bytes, ids and indexes in hex, days in ISO 8601."""
StagedMistake = tuple[int, int, str, str]
"""The row's number, the place of the column, its name (empty for the whole row) and the reason in words."""

_PAGE = 1000
_BLOCK = 200


def create_staging() -> None:
    """Make empty staging tables for this connection, in place of those of an earlier import."""
    kept = ", ".join(KEPT)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS import_row")
        cursor.execute("DROP TABLE IF EXISTS import_mistake")
        cursor.execute(f"CREATE TEMPORARY TABLE import_row AS SELECT 0 AS row_no, {kept} FROM cards_card WHERE 1 = 0")
        cursor.execute(
            "CREATE TEMPORARY TABLE import_mistake"
            " (row_no integer NOT NULL, place integer NOT NULL, field varchar(20) NOT NULL, reason text NOT NULL)"
        )


def drop_staging() -> None:
    """Drop the staging tables."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS import_row")
        cursor.execute("DROP TABLE IF EXISTS import_mistake")


def stage_rows(rows: Iterable[StagedRow]) -> None:
    """Stage rows: by COPY on PostgreSQL, which takes them while we still seal the next; row by row elsewhere."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY import_row (row_no, {', '.join(KEPT)}) FROM STDIN") as copy:
                lines = map(_copy_line, rows)
                while block := "".join(islice(lines, _BLOCK)):
                    copy.write(block)
        else:
            marks = ", ".join(["%s"] * (len(KEPT) + 1))
            cursor.executemany(f"INSERT INTO import_row VALUES ({marks})", list(rows))


def stage_mistakes(mistakes: list[StagedMistake]) -> None:
    """Stage mistakes."""
    if mistakes:
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO import_mistake VALUES (%s, %s, %s, %s)", mistakes)


def finish_staging(*, twice: str) -> None:
    """Take out the rows whose card number is in the file more than once, and those that were rejected before.

    `twice` is the reason in words; in it, {row} becomes the number of the first row that has the card.
    """
    doubles = "SELECT number_index, MIN(row_no) AS first FROM import_row GROUP BY number_index HAVING COUNT(*) > 1"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO import_mistake SELECT r.row_no, 0, 'card_number',"
            " REPLACE(%s, '{row}', CAST(d.first AS varchar(20)))"
            f" FROM import_row r JOIN ({doubles}) d ON d.number_index = r.number_index",
            [twice],
        )
        cursor.execute("DELETE FROM import_row WHERE id IS NULL OR row_no IN (SELECT row_no FROM import_mistake)")
        cursor.execute("CREATE INDEX import_row_row_no ON import_row (row_no)")
        cursor.execute("CREATE INDEX import_mistake_row_no ON import_mistake (row_no)")


def reject_cards_of_other_programmes(*, programme_id: UUID, reason: str) -> None:
    """Take out the rows whose card number exists in another programme."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO import_mistake SELECT r.row_no, 0, 'card_number', %s"
            " FROM import_row r JOIN cards_card c ON c.number_index = r.number_index WHERE c.programme_id <> %s",
            [reason, programme_id.hex],
        )
        cursor.execute("DELETE FROM import_row WHERE row_no IN (SELECT row_no FROM import_mistake)")


def staged_mistakes() -> Iterator[StagedMistake]:
    """Give all mistakes, in the order of the file."""
    return stream("SELECT row_no, place, field, reason FROM import_mistake ORDER BY row_no, place")


def count_staged_rows() -> int:
    """Count the good rows."""
    return count("SELECT COUNT(*) FROM import_row")


def last_staged_row() -> int:
    """Give the highest row number of a good row, 0 when there is none."""
    return count("SELECT COALESCE(MAX(row_no), 0) FROM import_row")


def count_rejected_rows() -> int:
    """Count the rows with at least one mistake."""
    return count("SELECT COUNT(DISTINCT row_no) FROM import_mistake")


def stream(sql: str, params: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the rows of a query, fetched a page at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while page := cursor.fetchmany(_PAGE):
            yield from page


def count(sql: str, params: Sequence[Any] = ()) -> int:
    """Give the number that a query counts."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.fetchone()[0])


def _copy_line(row: StagedRow) -> str:
    """Write a row as COPY's text. No value has a character that means something to COPY."""
    row_no, *values = row
    texts = ["\\N" if v is None else v if isinstance(v, str) else "\\\\x" + v.hex() for v in values]
    return "\t".join((str(row_no), *texts)) + "\n"

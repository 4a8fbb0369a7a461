"""What PostgreSQL itself saw: how often a column of a row was written."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

WATCHED = (
    ("activation_activationcode", "expired_at"),
    ("activation_activationattempt", "closed_at"),
    ("activation_activationattempt", "verdict_at"),
)


@contextmanager
def touches() -> Iterator[None]:
    """Note each change of these columns inside the block."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE touched (id uuid, what text)")
        cursor.execute(
            "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN INSERT INTO touched VALUES (NEW.id, TG_ARGV[0]); RETURN NULL; END $$"
        )
        for table, column in WATCHED:
            cursor.execute(
                f"CREATE TRIGGER touched_{column} AFTER UPDATE ON {table} FOR EACH ROW "
                f"WHEN (NEW.{column} IS DISTINCT FROM OLD.{column}) EXECUTE FUNCTION touch('{column}')"
            )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for table, column in WATCHED:
                cursor.execute(f"DROP TRIGGER touched_{column} ON {table}")
            cursor.execute("DROP TABLE touched")
            cursor.execute("DROP FUNCTION touch()")


def touched(column: str) -> Counter[str]:
    """How often the column of each row was changed, by the row's id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id::text, count(*) FROM touched WHERE what = %s GROUP BY id", [column])
        return Counter(dict(cursor.fetchall()))

"""PostgreSQL plans the statements of the busiest page once a connection."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from vault.limits import Limit, count
from vault.planned import planned_cursor

pytestmark = pytest.mark.django_db

LIMIT = Limit("test_planned", "Twenty an hour", 20, timedelta(hours=1))


def planned(part: str) -> int:
    """How many plans this connection keeps for statements that contain this."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return sum(part in statement for (statement,) in cursor.fetchall())


def test_a_count_is_planned_once_and_not_at_its_first_times(postgres: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    kept = []
    for number in range(9):
        count(LIMIT, f"subject {number}")
        kept.append(planned("INTO vault_counter"))
    assert (kept[0], kept[-1]) == (0, 1)


def test_what_django_writes_is_not_kept_because_its_plan_may_depend_on_its_values(postgres: str) -> None:
    for number in range(9):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 'of django', %s", [number])
    assert planned("of django") == 0


def test_a_planned_statement_is_seen_and_fails_like_any_other() -> None:
    with CaptureQueriesContext(connection) as asked, planned_cursor() as cursor:
        cursor.execute("SELECT tries FROM vault_counter WHERE tries > %s", [1])
        assert cursor.fetchall() == []
    assert len(asked) == 1
    if connection.vendor == "postgresql":
        with pytest.raises(ProgrammingError), planned_cursor() as cursor:
            cursor.execute("SELECT nothing FROM vault_counter")

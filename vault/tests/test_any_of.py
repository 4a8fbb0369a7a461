"""Rows are found by their keys as `in` finds them, whatever the database, with one parameter where it has arrays."""

import json
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from vault.any_of import AnyOf
from vault.models import Counter

pytestmark = pytest.mark.django_db


def make_counters(count: int) -> list[UUID]:
    made = Counter.objects.bulk_create(Counter(key=uuid4(), tries=1, ends_at=timezone.now()) for _ in range(count))
    return [counter.key for counter in made]


def found(keys: list[UUID]) -> set[UUID]:
    return set(Counter.objects.filter(AnyOf("pk", keys)).values_list("pk", flat=True))


def expected_rows(counters: QuerySet[Counter]) -> int:
    """How many PostgreSQL makes its plan for."""
    plan: int = json.loads(counters.explain(format="json"))[0]["Plan"]["Plan Rows"]
    return plan


def test_it_finds_what_in_finds() -> None:
    keys = make_counters(5)
    assert found([*keys[:3], uuid4(), keys[0]]) == set(keys[:3])
    assert found([]) == set()
    assert set(Counter.objects.exclude(AnyOf("pk", keys[:3])).values_list("pk", flat=True)) == set(keys[3:])
    assert Counter.objects.filter(AnyOf("pk", keys[:3]), tries=2).count() == 0


def test_many_keys_are_one_parameter(postgres: str) -> None:
    keys = make_counters(500)
    with CaptureQueriesContext(connection) as captured:
        assert found(keys) == set(keys)
    assert "= ANY(" in captured.captured_queries[0]["sql"]


def test_many_keys_are_taken_for_few_and_so_looked_up(postgres: str) -> None:
    keys = make_counters(1500)[:500]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE vault_counter")
    taken_for_few, counted = Counter.objects.filter(AnyOf("pk", keys)), Counter.objects.filter(pk__in=keys)
    assert expected_rows(taken_for_few) <= 10
    assert expected_rows(counted) >= 400, "which may be read as a whole table"

"""An array's literal says the same as a list of values."""

import pytest
from django.db import connection

from vault.arrays import array

TEXTS = ["plain", "", "NULL", "null", 'a "quoted" word', "back\\slash", "{brace}, comma", " space ", "两", None]


@pytest.mark.django_db
def test_postgresql_reads_what_was_written(postgres: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [array(TEXTS)])
        assert cursor.fetchone() == (TEXTS,)
        cursor.execute("SELECT cardinality(%s::uuid[])", [array([])])
        assert cursor.fetchone() == (0,)

"""Statements that PostgreSQL plans once a connection and not every time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection


@contextmanager
def planned_cursor() -> Iterator[Any]:
    """Give a cursor for a statement that finds its rows by their keys, so that one plan is good for all its values.

    Django puts values into the text of a statement, which PostgreSQL then has to plan anew. Here they are sent beside
    it, so that psycopg prepares it when it has been asked a few times (`prepare_threshold`, see
    `portal.env.database`). Only what does not differ in its plan belongs here: a list by state, say, has a plan for a
    rare state and another one for a common one. Name the columns, for a prepared `*` breaks when a column is added.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.cursor.close()
            cursor.cursor = psycopg.Cursor(connection.connection)
        yield cursor

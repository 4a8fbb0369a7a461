"""Statements that PostgreSQL plans once a connection and not every time."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from django.db import connection, models


@contextmanager
def planned_cursor() -> Iterator[Any]:
    """Give a cursor for a statement that finds its rows by their keys, so that one plan is good for all its values.

    Django puts values into the text of a statement, which PostgreSQL then has to plan anew. Here they are sent beside
    it, so that psycopg prepares it when it has been asked a few times (`prepare_threshold`, see
    `portal.env.database`). Only what does not differ in its plan belongs here: a list by state, say, has a plan for a
    rare state and another one for a common one. Name the columns, for a prepared `*` breaks when a column is added.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and not connection.queries_logged:  # Django's log cannot read the other
            cursor.cursor.close()
            cursor.cursor = psycopg.Cursor(connection.connection)
        yield cursor


@cache
def columns(model: type[models.Model], alias: str = "") -> str:
    """The columns that `planned_rows` reads for an instance of the model, with the table's alias if there is one."""
    return ", ".join(f"{alias}{alias and '.'}{field.column}" for field in model._meta.concrete_fields)


def planned_rows(statement: str, values: Any, *read: type[models.Model]) -> list[list[Any]]:
    """Run a planned statement that gives the `columns` of these models, one after the other, and maybe further ones.

    Each row is an instance of each of the models and then the further columns, as the database gives them. Written for
    what every page asks: building the same statement with the ORM takes five times as long as asking it.
    """
    with planned_cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    return instances(rows, read)


def instances(rows: Iterable[tuple[Any, ...]], read: tuple[type[models.Model], ...]) -> list[list[Any]]:
    """Instances of these models, made from rows of their `columns` in turn; what is left of a row follows them."""
    readings = [(model, *_reading(model, connection.vendor)) for model in read]
    model, names, converters = readings[0]
    if len(readings) == 1 and not converters:  # nothing to take apart, which is a fifth of what a row costs
        alias, many = connection.alias, len(names)
        return [[model.from_db(alias, names, row[:many]), *row[many:]] for row in rows]
    return [_taken_apart(row, readings) for row in rows]


def _taken_apart(row: tuple[Any, ...], readings: list[Any]) -> list[Any]:
    found, start = [], 0
    for model, names, converters in readings:
        held = list(row[start : start + len(names)])
        for place, column, convert in converters:
            held[place] = convert(held[place], column, connection)
        found.append(model.from_db(connection.alias, names, held))
        start += len(names)
    return [*found, *row[start:]]


@cache
def _reading(model: type[models.Model], vendor: str) -> tuple[list[str], list[tuple[int, Any, Any]]]:
    """The attributes of an instance, and what turns a column into one: (place, column, function)."""
    fields = model._meta.concrete_fields
    found = [(place, field.get_col(model._meta.db_table)) for place, field in enumerate(fields)]
    converters = [
        (place, column, convert)
        for place, column in found
        for convert in [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
    ]
    return [field.attname for field in fields], converters

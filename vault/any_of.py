"""Looking for many rows by their keys without one placeholder a key."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.db.models.lookups import In

from vault.arrays import array


class AnyOf(In):
    """`filter(AnyOf("pk", keys))` is `filter(pk__in=keys)`, with one array as its parameter where the database has
    arrays: taking five hundred placeholders apart costs more than the query.

    It comes out of a sub-select, so that PostgreSQL does not count it and takes the keys for few. They are looked up
    in the index, and so is what is joined to their rows: for five hundred it would read a table of ten thousand rows
    as a whole.
    """

    def __init__(self, column: str, keys: Iterable[Any]) -> None:
        super().__init__(F(column), list(keys))

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, parameters = self.process_lhs(compiler, connection)
        kind = self.lhs.output_field.db_type(connection)
        return f"{left} = ANY((SELECT %s::{kind}[])::{kind}[])", [*parameters, array(map(str, self.rhs))]

"""Looking for many rows by their keys without one placeholder a key."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.db.models.lookups import In

from vault.arrays import array


class AnyOf(In):
    """`filter(AnyOf("pk", keys))` is `filter(pk__in=keys)`, with one array as its parameter where the database has
    arrays: taking five hundred placeholders apart costs more than the query."""

    def __init__(self, column: str, keys: Iterable[Any]) -> None:
        super().__init__(F(column), list(keys))

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, parameters = self.process_lhs(compiler, connection)
        kind = self.lhs.output_field.db_type(connection)
        return f"{left} = ANY(%s::{kind}[])", [*parameters, array(map(str, self.rhs))]

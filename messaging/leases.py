"""Work that waits in rows: who claims a row holds it for a while; a dead worker's rows come back by themselves."""

from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vault.planned import columns
from vault.reading import read_rows

Row = TypeVar("Row", bound="Leased")


class Leased(models.Model):
    """A row that some worker takes, works on and marks; until it is marked, it is tried again."""

    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True, editable=False)
    next_try_at = models.DateTimeField(_("next try at"), default=timezone.now, editable=False)
    tries = models.PositiveIntegerField(_("tries"), default=0, editable=False)

    class Meta:
        abstract = True


def due(at: datetime) -> Q:
    """Rows that may be claimed at this moment: nobody holds them and their next try has come."""
    return Q(next_try_at__lte=at) & (Q(leased_until=None) | Q(leased_until__lte=at))


def claim(queryset: models.QuerySet[Any], *, limit: int, lease: timedelta, at: datetime | None = None) -> list[Any]:
    """The ids of what `claim_rows` takes."""
    return [row.pk for row in claim_rows(queryset, limit=limit, lease=lease, at=at)]


def claim_rows(
    queryset: models.QuerySet[Row], *, limit: int, lease: timedelta, at: datetime | None = None
) -> list[Row]:
    """Up to `limit` due rows of the queryset, longest due first, now held until `at + lease`; counts a try.

    One statement, in a transaction of its own: any number of workers claim at once and each row goes to one of them.
    A holder fences its own writes with `leased_until=at + lease`: that value is never given twice for a row.
    """
    at = at or timezone.now()
    wanted = queryset.filter(due(at)).order_by("next_try_at").select_for_update(skip_locked=True).values("pk")[:limit]
    quote, meta = connection.ops.quote_name, queryset.model._meta
    table, key = quote(meta.db_table), quote(str(meta.pk.column))
    with transaction.atomic(durable=True):
        chosen, parameters = wanted.query.get_compiler(connection=connection).as_sql()
        # MATERIALIZED: chosen once. As a plain sub-select PostgreSQL may run it again and take more rows than `limit`.
        rows = read_rows(
            f"WITH chosen AS MATERIALIZED ({chosen}) UPDATE {table} SET leased_until = %s, tries = tries + 1 "  # noqa: S608
            f"WHERE {key} IN (SELECT * FROM chosen) RETURNING {columns(queryset.model)}",
            [*parameters, connection.ops.adapt_datetimefield_value(at + lease)],
            queryset.model,
        )
    return sorted(rows, key=attrgetter("next_try_at"))

"""Work that waits in rows: who claims a row holds it for a while; a dead worker's rows come back by themselves."""

from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vault.commits import need_no_disk
from vault.planned import columns
from vault.reading import read_rows

Row = TypeVar("Row", bound="Leased")

PLACES = {"postgresql": ("ctid", "= ANY(ARRAY({chosen}))"), "sqlite": ("rowid", "IN ({chosen})")}
"""Where a row lies, which needs no look-up. The array is made once: a plain sub-select PostgreSQL may run again and
take more rows than wanted. A row that was changed between choosing and locking lies elsewhere, and waits for the next
claim."""


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


def is_any(ordered: models.QuerySet[Any], *, beyond: int = 0) -> bool:
    """Whether there are more rows than so many, looked for in the queryset's order, which its index has.

    `exists()` forgets the order, and where many rows wait PostgreSQL then reads the table from its beginning, past
    everything that ever was sent.
    """
    return bool(ordered.values_list("pk")[beyond : beyond + 1])


def claim(queryset: models.QuerySet[Any], *, limit: int, lease: timedelta, at: datetime | None = None) -> list[Any]:
    """The ids of what `claim_rows` takes."""
    return [row.pk for row in claim_rows(queryset, limit=limit, lease=lease, at=at)]


def claim_rows(
    queryset: models.QuerySet[Row], *, limit: int, lease: timedelta, at: datetime | None = None
) -> list[Row]:
    """Up to `limit` due rows of the queryset, longest due first, now held until `at + lease`; counts a try.

    One statement, in a transaction of its own: any number of workers claim at once and each row goes to one of them.
    A holder fences its own writes with `leased_until=at + lease`: that value is never given twice for a row.
    It does not wait for the disk: should the database crash and forget it, its holder cannot mark anything either.
    """
    at = at or timezone.now()
    table = connection.ops.quote_name(queryset.model._meta.db_table)
    place, among = PLACES[connection.vendor]
    wanted = queryset.filter(due(at)).order_by("next_try_at").select_for_update(skip_locked=True)
    wanted = wanted.values_list(RawSQL(f"{table}.{place}", ()))[:limit]  # noqa: S611 - names of ours
    with transaction.atomic(durable=True):
        need_no_disk()
        chosen, parameters = wanted.query.get_compiler(connection=connection).as_sql()
        rows = read_rows(
            f"UPDATE {table} SET leased_until = %s, tries = tries + 1 "  # noqa: S608
            f"WHERE {place} {among.format(chosen=chosen)} RETURNING {columns(queryset.model)}",
            [connection.ops.adapt_datetimefield_value(at + lease), *parameters],
            queryset.model,
        )
    return sorted(rows, key=attrgetter("next_try_at"))

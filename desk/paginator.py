"""Pages of long lists, without counting all of a million rows."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

COUNTED = 5_000
"""Rows that are counted, and can be leafed through. Who looks for more has to search or to filter."""


class CountedUpTo(Paginator):  # type: ignore[type-arg]
    """Counts no further than `COUNTED`, so the database never walks the whole table."""

    object_list: QuerySet  # type: ignore[type-arg]
    error_messages = {"no_results": _("That page does not exist.")}

    @cached_property
    def count(self) -> int:
        """The number of rows, at most COUNTED."""
        return self.object_list.order_by().values("pk")[:COUNTED].count()

    @property
    def there_may_be_more(self) -> bool:
        """Whether counting stopped before the end."""
        return self.count == COUNTED

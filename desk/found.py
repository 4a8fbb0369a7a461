"""Where several rows were found: what they were looked for by is held in the session, sealed, and in no address."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

HELD = "desk-found"
PARAMETER = "found"


def hold(request: HttpRequest, label: str, column: str, values: list[Any]) -> str:
    """Hold the newest search of this list; the query that shows what it found."""
    request.session[HELD] = {**request.session.get(HELD, {}), label: [column, [str(value) for value in values]]}
    return f"{PARAMETER}=yes"


class FoundFilter(admin.SimpleListFilter):
    """The rows that were searched for, by keyed indexes; nothing where this session has not searched."""

    title = _("search")
    parameter_name = PARAMETER

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The one choice beside all."""
        return [("yes", _("What was searched for"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Narrow to them, each once even where the column is another table's."""
        held = request.session.get(HELD, {}).get(queryset.model._meta.label_lower)
        if not self.value() or not held:
            return queryset.none() if self.value() else queryset
        column, values = held
        rows = queryset.model._default_manager.filter(**{f"{column}__in": values})
        return queryset.filter(pk__in=rows.values("pk"))

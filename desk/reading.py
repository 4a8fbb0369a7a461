"""How a table is shown that staff may read and nobody may write."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.options import ShowFacets
from django.db.models import Model, QuerySet
from django.forms import Media
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from desk.found import PARAMETER, FoundFilter, hold
from desk.paginator import CountedUpTo
from desk.search import Kind, Wanted


def page_of(row: Model) -> str:
    """The address of a row's own page."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def link_to(row: Model | None, text: object) -> str:
    """A link to a row's own page; a dash where there is none."""
    return format_html('<a href="{}">{}</a>', page_of(row), text) if row is not None else "-"


def name_of_language(code: str) -> str:
    """What staff call a language of messages."""
    return str(dict(settings.LANGUAGES).get(code, code))


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Newest first by the primary key, which is ordered by time (UUIDv7), so that a page is read off its index."""

    paginator = CountedUpTo
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    ordering = ("-id",)
    sortable_by = ()
    actions: Any = None
    change_form_template = "desk/reading.html"
    related: ClassVar[tuple[str, ...]] = ()
    """Foreign keys that a row's texts look at."""
    find_by: ClassVar[dict[Kind, str]] = {}
    """By what a row can be searched for: the column, maybe of another table, that holds it."""

    @admin.display(description=_("Language"))
    def language_name(self, row: Any) -> str:
        """In which language its person is written to."""
        return name_of_language(row.language)

    @property
    def media(self) -> Media:
        """The scripts of a list with actions; the editor's own would weigh 270 KB more."""
        return Media(js=["admin/js/core.js", "admin/js/actions.js"])

    def naming(self, row: Any) -> str:
        """What its page is called: by its reference where it has one, never by an identifier."""
        return str(getattr(row, "reference", "") or capfirst(self.opts.verbose_name))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """A page that calls itself by its naming."""
        row = context.get("original")
        return super().render_change_form(
            request, context | {"subtitle": self.naming(row)} if row else context, *args, **kwargs
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows with what their texts look at."""
        return super().get_queryset(request).select_related(*self.related)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never, so that a POST to the page of a row is refused with 403."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def get_list_filter(self, request: HttpRequest) -> Any:
        """After a search that found several, also what it found."""
        chosen = super().get_list_filter(request)
        return (*chosen, FoundFilter) if PARAMETER in request.GET else chosen

    def address_of(self, request: HttpRequest, wanted: Wanted) -> str:
        """The page of the one row that was wanted, or the list of those that were; empty when there is none."""
        for kind, column in self.find_by.items():
            if kind in wanted and (address := self.address_where(request, column, wanted[kind])):
                return address
        return ""

    def address_where(self, request: HttpRequest, column: str, values: Any) -> str:
        """Where to see the rows whose `column` holds one of `values`; empty when there is none."""
        rows = list(self.model._default_manager.filter(**{f"{column}__in": values}).order_by("-pk")[:2])
        if not rows:
            return ""
        if len(rows) == 1:
            return page_of(rows[0])
        opts = self.model._meta
        query = hold(request, opts.label_lower, column, values)
        return f"{reverse(f'admin:{opts.app_label}_{opts.model_name}_changelist')}?{query}"

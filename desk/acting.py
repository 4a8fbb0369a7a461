"""Pages of rows that something may be done to: a button for each thing, and a page that asks why."""

from abc import abstractmethod
from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from accounts.models import User
from desk.actions import Action, NotPossible
from desk.reading import ReadOnlyAdmin, page_of
from desk.story import Table
from pages.redirects import SeeOther


def staff_of(request: HttpRequest) -> User:
    """Who is signed in; `admin_view` lets nobody else in."""
    return cast(User, request.user)


class ActingAdmin(ReadOnlyAdmin):
    """A row's own page tells its whole story and has a button for each thing that may be done to it."""

    change_form_template = "desk/acting.html"
    acts: ClassVar[Sequence[Action[Any]]] = ()
    """What may be done to a row, in the order of its page."""
    back: Any = ""
    """What leads back to the row's page."""
    one_only: Any = ""
    """Said in the list to whoever has chosen several rows."""

    @abstractmethod
    def story(self, row: Any) -> list[Table]:
        """The tables of a row's page."""

    @abstractmethod
    def described(self, row: Any) -> str:
        """Which row it is, for whoever is about to do something to it."""

    def address_to(self, slug: str, pk: Any) -> str:
        """Where this is done to that row."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_act", args=[pk, slug])

    def get_urls(self) -> list[URLPattern]:
        """Add one address for each action."""
        act, name = self.admin_site.admin_view(self.act), f"{self.opts.app_label}_{self.opts.model_name}_act"
        return [path("<uuid:pk>/do/<slug:slug>/", act, name=name), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page of one row, with its story."""
        row: Any = self.get_object(request, object_id)
        if request.method != "GET" or row is None or not self.has_view_permission(request, row):
            return super().change_view(request, object_id, form_url, extra_context)
        possible = [action for action in self.allowed_actions(request) if action.is_possible(row, staff_of(request))]
        acts = [(self.address_to(action.slug, row.pk), action.title) for action in possible]
        context = {"acts": acts, "story": self.story(row)}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})

    def allowed_actions(self, request: HttpRequest) -> list[Action[Any]]:
        """What this member of staff may do to these rows."""
        return [action for action in self.acts if action.allowed(staff_of(request))]

    @method_decorator(sensitive_post_parameters())
    def act(self, request: HttpRequest, pk: UUID, slug: str) -> HttpResponse:
        """Ask why; do it on POST. What is not possible is said on the page, and nothing is changed."""
        action = next((action for action in self.acts if action.slug == slug), None)
        row: Any = self.get_queryset(request).filter(pk=pk).first()
        if action is None or row is None:
            raise Http404
        if not self.has_view_permission(request, row) or action not in self.allowed_actions(request):
            raise PermissionDenied
        context = {"action": action, "naming": self.naming(row), "described": self.described(row)}
        context |= {"warning": action.warning_about(row), "page_of_row": page_of(row), "back": self.back}
        context |= {"title": action.title, "subtitle": self.naming(row), "opts": self.opts}
        staff = staff_of(request)
        try:
            posted = request.POST if request.method == "POST" else None
            context["form"] = form = action.form(row, staff, posted)
            if form.is_valid():
                messages.success(request, action.perform(row, staff, form.cleaned_data))
                return SeeOther(page_of(row))
        except NotPossible as refusal:
            context["refusal"] = str(refusal)
        return TemplateResponse(request, "desk/act.html", {**self.admin_site.each_context(request), **context})

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer in the list what its page has buttons for."""
        return {
            action.slug: (partial(ask, slug=action.slug), action.slug, action.title)
            for action in self.allowed_actions(request)
        }


def ask(model_admin: ActingAdmin, request: HttpRequest, chosen: QuerySet[Any], *, slug: str) -> HttpResponse | None:
    """Go to the page that asks why: for one row at a time, because each has its own reason."""
    rows = list(chosen.values_list("pk", flat=True)[:2])
    if len(rows) == 1:
        return SeeOther(model_admin.address_to(slug, rows[0]))
    messages.warning(request, model_admin.one_only)
    return None

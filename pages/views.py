"""How a page answers: GET shows it, POST changes something and redirects (303). POST never answers with a page."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from typing import Any, ClassVar, NamedTuple
from urllib.parse import urlencode

from django.forms import MultipleChoiceField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers
from django.views.generic import TemplateView

from pages.catalogue import say
from pages.display import asked_display, remember_display
from pages.drafts import Draft, drop_draft, find_draft, keep_draft
from pages.forms import PageForm
from pages.posted import check_posted
from pages.redirects import SeeOther
from pages.requests import PortalRequest


class StepOf(NamedTuple):
    """ "Step n of m". Named, because a template that asks for a place of a tuple lists all its attributes first."""

    n: int
    m: int


class Page(TemplateView):
    """One page: `title` is its h1 and title; `step` its (number, of how many); `back_url` the page before it.

    Never cached, because pages carry personal data; a page that carries none says `personal = False`.
    """

    title: Any = ""
    step: tuple[int, int] | None = None
    back_url: str = ""
    personal: ClassVar[bool] = True
    request: PortalRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        if self.personal:
            add_never_cache_headers(response)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = {"title": self.title, "step": self.step and StepOf(*self.step), "back_url": self.back_url}
        return super().get_context_data(**page, **kwargs)


class FormPage(ABC, Page):
    """A page with one form.

    A subclass names `form_class` and `template_name` and writes `submitted(form)`, which is called with a well-formed
    form and answers with a redirect: `see_other(...)` to the next page or `self.refuse(...)` back to this one.
    `buttons` are names of further buttons, each answered by `pressed(name)` without looking at the form.
    `kept_query` are parameters of the address (`?doc=`) that belong to the page and survive a mistake.
    """

    form_class: type[PageForm] = PageForm
    template_name = "pages/form.html"
    buttons: Sequence[str] = ()
    kept_query: Sequence[str] = ()
    stays = False
    """Whether the answer leads back to this page, so that its draft is still needed."""

    @abstractmethod
    def submitted(self, form: Any) -> HttpResponseBase:
        """Answer a well-formed form."""

    def pressed(self, name: str) -> HttpResponseBase:
        """Answer one of the further `buttons`: show the page again."""
        return self.again()

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give what the form is built with, besides what was typed."""
        return {"programme": self.request.programme}

    def several(self) -> set[str]:
        """Name the fields of which any number may be ticked."""
        fields = self.form_class.base_fields.items()
        return {name for name, field in fields if isinstance(field, MultipleChoiceField)}

    def get_initial(self) -> dict[str, Any]:
        """Give what the form shows before anything was typed."""
        return {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = find_draft(request) or Draft()
        if draft.notice:
            keep_draft(request, None, Draft(draft.typed, draft.mistakes))
        notice = draft.notice and say(draft.notice[0], **draft.notice[1])
        return self.render_to_response(self.get_context_data(form=self.drafted_form(draft), notice=notice))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        check_posted(request, several=self.several())
        if getattr(request, "is_earlier_page", False):
            self.keep_for_later("N12")
            return self.again()
        self.form = form = self.form_class(request.POST, **self.get_form_kwargs())
        if asked := asked_display(request.POST, prefix="_"):
            return self.shown_as(asked)
        for name in self.buttons:
            if name in request.POST:
                return self.pressed(name)
        if not form.is_valid():
            self.set_aside(form)
            keep_draft(request, form)
            return self.again(errors=True)
        try:
            response = self.submitted(form)
        except Exception:
            keep_draft(request, form)  # whoever answers instead, nothing that was typed is lost
            raise
        if response.status_code >= 400:
            keep_draft(request, form)
        elif not self.stays:
            drop_draft(request)
        return response

    def set_aside(self, form: PageForm) -> Collection[str]:
        """Keep, sealed, what a form that is shown again holds and its draft may not; the names of those fields."""
        return ()

    def keep_for_later(self, message_id: str = "N6") -> bool:
        """Keep what was posted to this page too late to be acted upon; say whether there was anything.

        Whoever has to sign in first is told so elsewhere (and of this only if something was kept): the page has looked
        nothing up yet, and its form cannot be built.
        """
        check_posted(self.request, several=self.several())
        typed = self.form_class.kept_for_later(self.request.POST)
        if typed or message_id != "N6":
            keep_draft(self.request, None, Draft(typed, notice=(message_id, {})))
        return bool(typed)

    def refuse(self, field: str | None, message_id: str, **values: Any) -> HttpResponseBase:
        """Show the page again with what was typed and one mistake, at a field or (None) at the page."""
        keep_draft(self.request, self.form, Draft(mistakes=[(field, message_id, values)]))
        return self.again(errors=True)

    def tell(self, message_id: str, **values: Any) -> HttpResponseBase:
        """Show the page again with a notice, once, and what was typed earlier."""
        draft = find_draft(self.request) or Draft()
        keep_draft(self.request, None, Draft(draft.typed, draft.mistakes, (message_id, values)))
        return self.again()

    def saved(self, message_id: str) -> HttpResponseBase:
        """Show the page again as it is known now, with a notice, once."""
        keep_draft(self.request, None, Draft(notice=(message_id, {})))
        return self.again()

    def again(self, *, errors: bool = False) -> HttpResponseBase:
        """Redirect to this page; with `errors`, to the summary of its mistakes."""
        self.stays = True
        address = self.address()
        if not errors:
            return SeeOther(address)
        return SeeOther(f"{address}{'&' if '?' in address else '?'}e=1#errors")

    def address(self) -> str:
        """Give the path of this page with its own parameters."""
        query = {name: self.request.GET[name] for name in self.kept_query if name in self.request.GET}
        return f"{self.request.path}?{urlencode(query)}" if query else self.request.path

    def shown_as(self, asked: dict[str, str]) -> HttpResponseBase:
        """Show the page in another language or size, with what was typed, and the mistakes of what is still as it was;
        say so where something was typed that is not shown again."""
        earlier = (find_draft(self.request) if "e" in self.request.GET else None) or Draft()
        typed = self.form.typed()
        changed = {name for name, values in typed.items() if values != list(earlier.typed.get(name, ()))}
        mistakes = [one for one in earlier.mistakes if one[0] not in changed and (one[0] or not changed)]
        kept = self.form.kept()
        dropped = {name for name, values in typed.items() if values} - set(kept) - set(self.set_aside(self.form))
        keep_draft(self.request, None, Draft(kept, mistakes, ("N14", {}) if dropped else None))
        response = self.again(errors=bool(mistakes))
        remember_display(response, asked)
        return response

    def drafted_form(self, draft: Draft) -> PageForm:
        """Give the form as the page shows it: empty or known, as typed, or as typed with its mistakes."""
        kwargs = self.get_form_kwargs()
        if "e" not in self.request.GET or not draft.mistakes:
            several = self.several()
            typed = {name: values if name in several else values[0] for name, values in draft.typed.items()}
            return self.form_class(initial={**self.get_initial(), **typed}, **kwargs)
        data = QueryDict(mutable=True)
        for name, values in draft.typed.items():
            data.setlist(name, list(values))
        form = self.form_class(data, **kwargs)
        form.take_mistakes(draft.mistakes)
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(action=self.address(), **kwargs)

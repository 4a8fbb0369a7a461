"""The one view that walks the journey, for GET and POST alike."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from activation.refusals import (
    AlreadySubmitted,
    ContactNotRegistered,
    NotSentThere,
    PinLapsed,
    Refusal,
    SendTooEarly,
    StepNotReached,
)
from activation.steps import BY_SLUG, EnterCode, Step, may_open, position, step_before
from activation.views.next_page import address_of, address_of_next
from activation.views.seated import SeatedPage
from activation.views.stopped import stop_for
from cards.pin_policy import PinTooEasy
from pages.catalogue import say
from pages.drafts import keep_draft
from pages.forms import PageForm
from pages.redirects import see_other
from pages.requests import PortalRequest
from pages.views import FormPage


class StepPage(SeatedPage, FormPage):
    """One step: opened when every step before it is done, posted to its service, left for the next undone one."""

    current: Step
    kept_query = ("doc",)
    buttons = ("other",)

    def dispatch(self, request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if kwargs["slug"] not in BY_SLUG or kwargs["slug"] == EnterCode.slug:
            raise Http404
        self.current = BY_SLUG[kwargs["slug"]]
        self.title, self.template_name = self.current.title, self.current.template_name
        self.form_class = self.current.form_class
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.elsewhere() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.elsewhere() or super().post(request, *args, **kwargs)

    def elsewhere(self) -> HttpResponse | None:
        """Where to go instead, when this step cannot be opened now."""
        if not self.current.is_shown(self.attempt) or not may_open(self.current, self.attempt, timezone.now()):
            return see_other(address_of_next(self.attempt))
        self.step = position(self.current)
        return None

    @property
    def document(self) -> str:
        asked = self.request.GET.get("doc", "")
        return asked if asked in self.attempt.card.programme.id_types else ""

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | self.current.form_kwargs(self.attempt, self.document)

    def get_initial(self) -> dict[str, Any]:
        return self.current.initial(self.attempt)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        before = step_before(self.current, self.attempt)
        back = reverse("activation:enter-code")
        if before is not None and before.slug != EnterCode.slug:
            back = address_of(before, self.attempt)
        notice = self.current.notice(self.attempt)
        self.back_url = back
        context = super().get_context_data(**kwargs | self.current.shows(self.attempt))
        return context | {"notice": say(notice)} if notice else context

    def set_aside(self, form: PageForm) -> Collection[str]:
        return self.current.set_aside(self.attempt, form)

    def pressed(self, name: str) -> HttpResponseBase:
        """Another document: the name that was typed is found again after the choice."""
        keep_draft(self.request, self.form)
        return see_other("activation:choose-document", reference=self.attempt.reference)

    def submitted(self, form: Any) -> HttpResponseBase:
        try:
            further = self.current.perform(self.attempt, form.cleaned_data | {"account_id": self.request.user.pk})
        except (Refusal, PinTooEasy) as refusal:
            return self.refused(refusal)
        if further:
            keep_draft(self.request, form)  # whoever goes back finds what was typed, as it was typed
            self.stays = True
            return see_other(f"activation:{further}", reference=self.attempt.reference)
        return see_other(address_of_next(self.fresh_attempt()))

    def refused(self, refusal: Exception) -> HttpResponseBase:
        """Give the answer that belongs to a refusal: at its field, at the step that is next, or a page of its own."""
        match refusal:
            case PinTooEasy():
                return self.refuse("pin", refusal.message_id)
            case ContactNotRegistered():
                return self.refuse(refusal.fields[0], "E66")
            case NotSentThere():
                return self.refuse("phone", "E27")
            case SendTooEarly():
                return self.refuse(None, "N13", time=refusal.until)
            case AlreadySubmitted() | PinLapsed() | StepNotReached():
                return see_other(address_of_next(self.fresh_attempt()))
            case _:
                return stop_for(self.request, refusal)

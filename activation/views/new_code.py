"""P11: asking for a new activation code. Everybody is told the same; a worker looks up and sends."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.services import request_code
from activation.answering import PURPOSE
from activation.forms import RequestCodeForm
from activation.refusals import Refusal, SendTooEarly
from activation.services import door_locked_until
from activation.views.enter_code import ASKED_CARD
from activation.views.opening import opening
from activation.views.stopped import stop, stop_for
from cards.programmes import all_programmes
from pages import form_tokens
from pages.redirects import see_other
from pages.requests import PortalRequest
from pages.views import FormPage, Page
from vault.client_address import client_address


class NewCodePage(FormPage):
    form_class = RequestCodeForm
    template_name = "activation/new_code.html"
    title = _("Get a new activation code")

    def dispatch(self, request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if not opening(request.programme)["is_open"]:
            return stop(request, "not_open")
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"card_number": self.request.session.get(ASKED_CARD, "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = reverse("activation:enter-code")
        return super().get_context_data(**kwargs)

    def submitted(self, form: Any) -> HttpResponseBase:
        card_number, contact = form.cleaned_data["card_number"], form.cleaned_data["contact"]
        if locked := door_locked_until(card_number=card_number):
            return stop(self.request, "no_new_code", until=locked)
        try:
            request_code(
                purpose=PURPOSE,
                body={
                    "card_number": card_number,
                    "contact": contact,
                    "programme": self.request.programme.code if self.request.programme else "",
                },
                subject=card_number,
                address=client_address(self.request),
                press=form_tokens.post_key(self.request.POST),
            )
        except SendTooEarly as refusal:
            return self.refuse(None, "N13", time=refusal.until)
        except Refusal as refusal:
            return stop_for(self.request, refusal)
        self.request.session[ASKED_CARD] = card_number
        return see_other("activation:new-code-sent")


class NewCodeSentPage(Page):
    template_name = "activation/new_code_sent.html"
    title = _("Check your messages")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url, at = reverse("activation:new-code"), timezone.now()
        asked = [self.request.programme] if self.request.programme else all_programmes()
        some_are_closed = not all(programme.is_open(at) for programme in asked)
        return super().get_context_data(some_are_closed=some_are_closed, **kwargs)

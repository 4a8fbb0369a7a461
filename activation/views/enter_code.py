"""P1: the card number and the activation code."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse

from activation.forms import EnterCodeForm
from activation.refusals import CodeNotAccepted, ProgrammeClosed, Refusal
from activation.seats import take_seat
from activation.services import enter_code
from activation.steps import JOURNEY
from activation.views.next_page import address_of_next
from activation.views.opening import opening
from activation.views.stopped import stop, stop_for
from pages import form_tokens
from pages.programmes import speak_for
from pages.redirects import see_other
from pages.views import FormPage
from vault.client_address import client_address

ASKED_CARD = "asked_card"


class EnterCodePage(FormPage):
    form_class = EnterCodeForm
    template_name = "activation/enter_code.html"
    title = JOURNEY[0].title
    step = (1, len(JOURNEY))

    def get_initial(self) -> dict[str, Any]:
        """The card number of a code that was asked for in this browser (P11)."""
        return {"card_number": self.request.session.get(ASKED_CARD, "")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by_sms": ASKED_CARD in self.request.session}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = reverse("activation:start")
        return super().get_context_data(**opening(self.request.programme), **kwargs)

    def submitted(self, form: Any) -> HttpResponseBase:
        token = self.request.POST.get(form_tokens.NAME) or form_tokens.new_token()
        try:
            attempt = enter_code(
                card_number=form.cleaned_data["card_number"],
                code=form.cleaned_data["code"],
                seat=token,
                press=form_tokens.post_key(self.request.POST),
                address=client_address(self.request),
                language=self.request.LANGUAGE_CODE,
                programme=self.request.programme,
            )
        except CodeNotAccepted as refusal:
            return self.refuse("code", "E05", t=refusal.tries_left)
        except ProgrammeClosed as refusal:
            speak_for(self.request, refusal.programme)
            return stop(self.request, "not_open")
        except Refusal as refusal:
            self.request.session[ASKED_CARD] = form.cleaned_data["card_number"]
            return stop_for(self.request, refusal)
        self.request.session.pop(ASKED_CARD, None)
        self.request.session.cycle_key()
        take_seat(self.request.session, attempt.reference, token)
        return see_other(address_of_next(attempt))

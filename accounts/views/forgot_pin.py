"""A new PIN without an account (P16): card and ID number, then a code to a registered contact, then a delay."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from accounts.models import PinReset
from accounts.pins import session as pin_session
from accounts.pins.codes import Asked
from accounts.pins.forms import ForgotPinForm
from accounts.pins.session import DONE, WITHOUT_ACCOUNT
from accounts.refusals import SendTooEarly, TooManySends
from accounts.views.pin_page import UNFIT, NewPinPage, PinPage, stage_of
from pages.form_tokens import post_key
from pages.redirects import see_other
from pages.views import Page


class ForgotPin(PinPage):
    """Asks for both numbers, and goes on alike whether there is such a card or not."""

    title = pgettext_lazy("title", "Forgot your PIN")
    template_name = "accounts/forgot_pin.html"
    form_class = ForgotPinForm

    def submitted(self, form: ForgotPinForm) -> HttpResponseBase:
        asked = Asked.without_account(
            secret=pin_session.secret_of(self.request),
            card_number=form.cleaned_data["card_number"],
            id_number=form.cleaned_data["idno"],
        )
        try:
            self.ask_for_code(asked, press=post_key(self.request.POST))
        except TooManySends as refusal:
            return self.refuse(None, "E36", time=refusal.until)
        except SendTooEarly as refusal:
            if pin_session.find(self.request, WITHOUT_ACCOUNT) != asked:
                return self.refuse(None, "N13", time=refusal.until)
        pin_session.keep(self.request, WITHOUT_ACCOUNT, asked)
        return see_other("accounts:forgot_pin_code")


class ForgottenNewPin(NewPinPage):
    template_name = "accounts/forgot_pin_code.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = pin_session.find(request, WITHOUT_ACCOUNT)
        if asked is None:
            return see_other("accounts:forgot_pin")
        self.asked = asked
        self.back_url = reverse("accounts:forgot_pin")
        return super().dispatch(request, *args, **kwargs)

    def begun(self, reset: PinReset | None) -> HttpResponseBase:
        return self.done(reset=str(reset.pk)) if reset else see_other("accounts:forgot_pin_done")

    def unfit(self, why: str) -> HttpResponseBase:
        return self.done(why=why)

    def done(self, **said: str) -> HttpResponseBase:
        self.request.session[DONE] = said
        return see_other("accounts:forgot_pin_done")


class ForgottenPinDone(Page):
    """From when the new PIN works, or why there is none. Only the browser that has shown the code sees it."""

    template_name = "accounts/pin_done.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if DONE not in request.session:
            return see_other("accounts:forgot_pin")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        said = self.request.session[DONE]
        if why := said.get("why"):
            self.template_name, self.title = "accounts/pin_unfit.html", UNFIT
            return super().get_context_data(why=why, **kwargs)
        reset = PinReset.objects.select_related("card__programme").get(pk=said["reset"])
        stage, self.title = stage_of(reset, timezone.now())
        locked = reset.card.pin_status == "blocked"
        return super().get_context_data(card=reset.card, reset=reset, stage=stage, locked=locked, **kwargs)

"""What the pages of a new PIN have in common: asking for a code, trying it, and saying why not."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import services
from accounts.models import PinReset
from accounts.pins.codes import Asked
from accounts.pins.forms import NewPinForm
from accounts.refusals import (
    CardUnfit,
    CodeExpired,
    CodeNotAccepted,
    CodeUsed,
    TooManyChecks,
    TooManyResets,
    TooManyTries,
)
from accounts.sending_limits import seconds_to_next_send
from accounts.views.code_page import CodePage
from cards.pin_policy import PinMalformed, PinTooEasy
from pages.catalogue import say
from pages.errors import too_many
from pages.form_tokens import post_key
from pages.views import FormPage, Page
from vault.client_address import client_address

UNFIT = _("This card cannot get a new PIN now")
STATES = {
    PinReset.Outcome.TAKEN: ("taken", pgettext_lazy("title", "Your PIN is changed")),
    PinReset.Outcome.REFUSED: ("refused", pgettext_lazy("title", "Your PIN is not changed")),
    PinReset.Outcome.STOPPED: ("stopped", pgettext_lazy("title", "Your PIN is not changed")),
    PinReset.Outcome.REPLACED: ("replaced", pgettext_lazy("title", "Another PIN was chosen after this one")),
}
DELAYED = ("delayed", pgettext_lazy("title", "Your new PIN is chosen"))
WAITING = ("waiting", pgettext_lazy("title", "Your PIN is being changed"))


def stage_of(reset: PinReset, at: datetime) -> tuple[str, Any]:
    """How far a new PIN is: a word for the template, and the title of the page that says so."""
    if reset.ended_at is not None:
        return STATES[PinReset.Outcome(reset.outcome)]
    return DELAYED if reset.takes_effect_at > at else WAITING


class PinPage(FormPage):
    """A place that asks too much is slowed down; a PIN that is easy to guess is refused with its reason."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().post(request, *args, **kwargs)
        except TooManyChecks as refusal:
            return too_many(request, time=refusal.until)
        except (PinTooEasy, PinMalformed) as mistake:
            return self.refuse("pin", mistake.message_id, **mistake.params)
        except TooManyResets as refusal:
            return self.refuse(None, "E74", time=refusal.until)

    def ask_for_code(self, asked: Asked, press: str = "") -> None:
        """Raises SendTooEarly, TooManySends, TooManyChecks."""
        programme = self.request.programme
        services.request_pin_code(
            asked=asked,
            address=client_address(self.request),
            programme=programme.code if programme and not asked.user else "",
            press=press,
        )

    def show_instead(self, template: str, title: Any, **words: Any) -> HttpResponse:
        """Show, at this address, what there is to say instead of the form."""
        self.template_name, self.title = template, title
        return self.render_to_response(Page.get_context_data(self, **words))


class NewPinPage(PinPage, CodePage):
    """Asks for the code and the new PIN together."""

    asked: Asked
    title = pgettext_lazy("title", "Choose a new PIN")
    form_class = NewPinForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        locked = services.pin_code_locked_until(asked=self.asked)
        if locked:
            sentence = say("E35", time=locked)
            return self.show_instead("pages/too_many.html", _("Try again later"), sentence=sentence)
        return super().get(request, *args, **kwargs)

    @abstractmethod
    def begun(self, reset: PinReset | None) -> HttpResponseBase:
        """Answer a new PIN that is on its way; None when an earlier press has put it there."""

    @abstractmethod
    def unfit(self, why: str) -> HttpResponseBase:
        """Answer that this card, whose holder has shown the code, cannot get a PIN."""

    def submitted(self, form: NewPinForm) -> HttpResponseBase:
        try:
            reset = services.reset_pin(
                asked=self.asked,
                otp=form.cleaned_data["otp"],
                pin=form.cleaned_data["pin"],
                address=client_address(self.request),
                press=post_key(self.request.POST),
            )
        except TooManyTries:
            return self.again()
        except CodeNotAccepted as refusal:
            return self.refuse("otp", "E33", t=refusal.tries_left)
        except CodeExpired:
            return self.replace_expired()
        except CodeUsed:
            return self.begun(None)
        except CardUnfit as refusal:
            return self.unfit(refusal.why)
        return self.begun(reset)

    def send_again(self, press: str = "") -> None:
        self.ask_for_code(self.asked, press=press)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(wait=seconds_to_next_send(self.asked.sent_for), **kwargs)

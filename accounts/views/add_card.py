"""Adding a card that is active already (P15): one's own, or that of somebody one helps."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts import services
from accounts.binding import session
from accounts.binding.adding import HEADINGS, Why
from accounts.binding.codes import Asked
from accounts.binding.forms import AddCardForm, BindingCodeForm, ConsentCodeForm
from accounts.models.binding_codes import Whose
from accounts.refusals import (
    CardNotAdded,
    CodeExpired,
    CodeNotAccepted,
    CodeUsed,
    SendTooEarly,
    TooManyChecks,
    TooManySends,
    TooManyTries,
)
from accounts.sending_limits import seconds_to_next_send
from accounts.views.code_page import CodePage
from accounts.views.signed_in import SignedInPage
from cards.models import Card
from pages.catalogue import say
from pages.errors import too_many
from pages.form_tokens import post_key
from pages.programmes import speak_for
from pages.redirects import SeeOther, see_other
from pages.views import FormPage, Page
from vault.client_address import client_address

DONE = {Whose.OWN: "added", Whose.HELPED: "helping"}


class AddingPage(SignedInPage, FormPage):
    """A place that asks too much is slowed down."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().post(request, *args, **kwargs)
        except TooManyChecks as refusal:
            return too_many(request, time=refusal.until)

    def send_code(self, asked: Asked, press: str = "") -> None:
        """Ask for a code to be sent. Raises SendTooEarly, TooManySends, TooManyChecks."""
        programme = self.request.programme
        services.request_binding_code(
            asked=asked,
            address=client_address(self.request),
            programme=programme.code if programme else "",
            press=press,
        )


class AddCard(AddingPage):
    """Asks whose card it is and for a registered contact, and goes on alike whether there is such a card or not."""

    title = gettext_lazy("Add a card")
    template_name = "accounts/binding/add.html"
    form_class = AddCardForm

    def submitted(self, form: AddCardForm) -> HttpResponseBase:
        asked = session.typed(self.request, user_id=self.user.pk, **form.cleaned_data)
        try:
            self.send_code(asked)
        except TooManySends as refusal:
            return self.refuse("contact", "E36", time=refusal.until)
        except SendTooEarly as refusal:
            if session.asked(self.request, self.user.pk) != asked:
                return self.refuse("contact", "N13", time=refusal.until)
        session.keep(self.request, asked)
        return see_other("accounts:add_card_code")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = reverse("accounts:cards")
        return super().get_context_data(**kwargs)


class EnterBindingCode(AddingPage, CodePage):
    """Asks for the code; the right one adds the card, or says why it cannot be added."""

    title: Any = pgettext_lazy("title", "Enter the security code")
    template_name = "accounts/binding/code.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = session.asked(request, self.user.pk)
        if asked is None:
            return see_other("accounts:cards" if session.refused(request) is None else "accounts:add_card_stopped")
        self.take(asked)
        locked = services.binding_locked_until(asked=asked)
        return self.show_locked(locked) if locked else super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = session.asked(request, self.user.pk)
        if asked is None:
            return see_other("accounts:cards")
        self.take(asked)
        return super().post(request, *args, **kwargs)

    def take(self, asked: Asked) -> None:
        """Ask for what was sent for this."""
        self.asked, self.helping = asked, asked.whose == Whose.HELPED
        self.form_class = ConsentCodeForm if self.helping else BindingCodeForm

    def submitted(self, form: ConsentCodeForm) -> HttpResponseBase:
        try:
            services.add_card(
                asked=self.asked,
                otp=form.cleaned_data["otp"],
                address=client_address(self.request),
                press=post_key(self.request.POST),
            )
        except TooManyTries:
            return self.again()
        except CodeNotAccepted as refusal:
            return self.refuse("otp", "E33", t=refusal.tries_left)
        except CodeExpired:
            return self.replace_expired()
        except CardNotAdded as refusal:
            session.refuse(self.request, refusal)
            return see_other("accounts:add_card_stopped")
        except CodeUsed:
            pass  # pressed twice: the first press added the card
        session.forget(self.request)
        return SeeOther(f"{reverse('accounts:cards')}?done={DONE[Whose(self.asked.whose)]}")

    def send_again(self, press: str = "") -> None:
        self.send_code(self.asked, press=press)

    def show_locked(self, until: datetime) -> HttpResponse:
        self.template_name, self.title = "pages/too_many.html", _("Try again later")
        return self.render_to_response(Page.get_context_data(self, sentence=say("E35", time=until)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = reverse("accounts:add_card")
        contact = self.asked.contact
        shown = {"by_email": True} if "@" in contact else {"ending": contact[-2:]}
        wait = seconds_to_next_send(contact)
        return super().get_context_data(**kwargs, **shown, ask_again=self.back_url, wait=wait, helping=self.helping)


class CardNotAddedPage(SignedInPage):
    """Why the card could not be added, and whom to call. Never who has it."""

    template_name = "accounts/binding/stopped.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refused = session.refused(request)
        if refused is None:
            return see_other("accounts:cards")
        self.why, card_id = refused
        self.card = Card.objects.select_related("programme").get(pk=card_id)
        speak_for(self.request, self.card.programme)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.title, self.back_url = HEADINGS[Why(self.why)], reverse("accounts:cards")
        return super().get_context_data(**kwargs, why=self.why, card=self.card)

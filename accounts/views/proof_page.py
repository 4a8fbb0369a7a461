"""A page that asks for a code which proves a contact, before the account changes."""

from abc import abstractmethod
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import services
from accounts.binding.joining import programme_of
from accounts.contacts import mask
from accounts.models.account_codes import Proof
from accounts.own_account import session as account_session
from accounts.own_account.codes import CHANGE_CODE, CLOSE_CODE, Asked
from accounts.own_account.forms import ProofForm
from accounts.refusals import CodeExpired, CodeNotAccepted, CodeUsed, TooManyChecks, TooManyTries
from accounts.sending_limits import seconds_to_next_send
from accounts.views.code_page import CodePage
from accounts.views.signed_in import SignedInPage
from pages.catalogue import say
from pages.errors import too_many
from pages.form_tokens import post_key
from pages.views import FormPage, Page
from vault.client_address import client_address


class AccountPage(SignedInPage, FormPage):
    """A place that asks too much is slowed down."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().post(request, *args, **kwargs)
        except TooManyChecks as refusal:
            return too_many(request, time=refusal.until)

    def ask(self, act: str, contact: str, *, change: Any = "", press: str = "") -> None:
        """Ask for a code to be sent. Raises SendTooEarly, TooManySends and TooManyChecks."""
        programme = self.request.programme
        services.request_account_code(
            asked=self.asked_for(act, contact, change),
            address=client_address(self.request),
            programme=programme.code if programme else programme_of(self.user.pk),
            press=press,
        )

    def asked_for(self, act: str, contact: str, change: Any = "") -> Asked:
        return Asked(str(act), str(self.user.pk), contact, account_session.secret_of(self.request), str(change or ""))


class ProofPage(AccountPage, CodePage):
    """Asks for the code; says when no more codes are tried for this contact."""

    asked: Asked
    title = pgettext_lazy("title", "Enter the security code")
    template_name = "accounts/proof.html"
    form_class = ProofForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if away := self.elsewhere():
            return away
        locked = services.account_code_locked_until(asked=self.asked)
        return self.show_locked(locked) if locked else super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.elsewhere() or super().post(request, *args, **kwargs)

    @abstractmethod
    def elsewhere(self) -> HttpResponse | None:
        """Where to go instead, when no code is asked for here; else None, and `asked` is known."""

    @abstractmethod
    def prove(self, otp: str, address: str, press: str) -> None:
        """Try the code."""

    @abstractmethod
    def proved(self) -> HttpResponseBase:
        """Answer the right code, or the same press again."""

    def submitted(self, form: ProofForm) -> HttpResponseBase:
        try:
            self.prove(form.cleaned_data["otp"], client_address(self.request), post_key(self.request.POST))
        except TooManyTries:
            return self.again()
        except CodeNotAccepted as refusal:
            return self.refuse("otp", "E33", t=refusal.tries_left)
        except CodeExpired:
            return self.replace_expired()
        except CodeUsed:
            pass  # a double click
        return self.proved()

    def send_again(self, press: str = "") -> None:
        self.ask(self.asked.act, self.asked.contact, change=self.asked.change, press=press)

    def show_locked(self, until: datetime) -> HttpResponse:
        self.template_name, self.title = "pages/too_many.html", _("Try again later")
        return self.render_to_response(Page.get_context_data(self, sentence=say("E35", time=until)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        act, wait, code = self.asked.act, seconds_to_next_send(self.asked.contact), None
        if act != Proof.NEW:  # of a new contact nothing is told: it may be in another account
            code = self.asked.codes().order_by("-issued_at").first()
        sendings = self.sendings(code, kind=CLOSE_CODE if act == Proof.CLOSE else CHANGE_CODE, wait=wait)
        sent_to = mask(self.asked.contact)
        return super().get_context_data(**kwargs, act=act, sent_to=sent_to, sendings=sendings, wait=wait)

"""Signing in (P12), and out."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.generic import View

from accounts import services
from accounts.forms import EnterSignInCodeForm, SignInForm
from accounts.refusals import (
    CodeExpired,
    CodeNotAccepted,
    CodeUsed,
    SendTooEarly,
    TooManyChecks,
    TooManySends,
    TooManyTries,
)
from accounts.sending_limits import next_send, seconds_to_next_send
from accounts.signing_in import kept_posts, pending
from accounts.signing_in.pending import SigningIn
from accounts.views.code_page import CodePage
from pages.catalogue import say
from pages.errors import too_many
from pages.form_tokens import post_key
from pages.redirects import SeeOther, see_other
from pages.views import FormPage, Page
from vault.client_address import client_address

ONE_TIME_CODE = "accounts.backends.OneTimeCodeBackend"
STATES = {
    "signed-out": _("You have signed out"),
    "everywhere": _("You have signed out everywhere"),
    "kept": _("You have been signed out. Sign in to go on: we keep what you typed"),
    "ended": _("You have been signed out. Sign in to go on"),
    "used": _("That code has been used already. Get a new one to sign in here"),
}


class SignInPage(FormPage):
    """What the two pages of signing in share: a place that asks too much is slowed down."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().post(request, *args, **kwargs)
        except TooManyChecks as refusal:
            return too_many(request, time=refusal.until)

    def ask_for_code(self, contact: str, press: str = "") -> None:
        """Ask for a code to be sent. Raises SendTooEarly, TooManySends, TooManyChecks."""
        programme = self.request.programme
        services.request_sign_in_code(
            contact=contact,
            address=client_address(self.request),
            programme=programme.code if programme else "",
            press=press,
        )


class SignIn(SignInPage):
    """Asks for a phone or an email, and goes on alike whether an account has it or not."""

    title = _("Sign in")
    template_name = "accounts/sign_in.html"
    form_class = SignInForm
    kept_query = ("next",)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return SeeOther(pending.page_after(request))
        return super().dispatch(request, *args, **kwargs)

    def submitted(self, form: SignInForm) -> HttpResponseBase:
        contact = form.cleaned_data["ident"]
        try:
            self.ask_for_code(contact)
        except TooManySends as refusal:
            return self.refuse("ident", "E36", time=refusal.until)
        except SendTooEarly:
            return self.go_on(contact, early=True)
        return self.go_on(contact)

    def go_on(self, contact: str, *, early: bool = False) -> HttpResponseBase:
        """To the page of the code. A code of less than a minute ago is good, if it was one to sign in, wherever it was
        asked for; where this browser has not asked for it, the page says from when another can be sent."""
        before = pending.find(self.request)
        pending.keep(self.request, SigningIn(contact, pending.page_after(self.request)))
        known = before is not None and before.contact == contact
        return SeeOther(f"{reverse('accounts:verify')}{'?early=1' if early and not known else ''}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state = next((words for name, words in STATES.items() if name in self.request.GET), None)
        return super().get_context_data(**{**kwargs, "notice": kwargs.get("notice") or state})


class EnterSignInCode(SignInPage, CodePage):
    """Asks for the code; says when no more codes are tried for this contact."""

    title = pgettext_lazy("title", "Enter the security code")
    template_name = "accounts/verify.html"
    form_class = EnterSignInCodeForm
    kept_query = ("early",)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        signing_in = pending.find(request)
        if request.user.is_authenticated or signing_in is None:
            return see_other("accounts:sign_in")
        self.signing_in = signing_in
        self.back_url = reverse("accounts:sign_in")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        locked = services.sign_in_locked_until(contact=self.signing_in.contact)
        return self.show_locked(locked) if locked else super().get(request, *args, **kwargs)

    def submitted(self, form: EnterSignInCodeForm) -> HttpResponseBase:
        address, press = client_address(self.request), post_key(self.request.POST)
        try:
            user = services.sign_in(
                contact=self.signing_in.contact, otp=form.cleaned_data["otp"], address=address, press=press
            )
        except TooManyTries:
            return self.again()
        except CodeNotAccepted as refusal:
            return self.refuse("otp", "E33", t=refusal.tries_left)
        except CodeExpired:
            return self.replace_expired()
        except CodeUsed:  # pressed twice, and this browser is signed in by now; or elsewhere, and the page says so
            query = urlencode({"next": self.signing_in.next_page, "used": "1"})
            return SeeOther(f"{reverse('accounts:sign_in')}?{query}")
        pending.forget(self.request)
        login(self.request, user, backend=ONE_TIME_CODE)
        return SeeOther(self.signing_in.next_page)

    def send_again(self, press: str = "") -> None:
        self.ask_for_code(self.signing_in.contact, press=press)

    def show_locked(self, until: datetime) -> HttpResponse:
        self.template_name, self.title = "pages/too_many.html", _("Try again later")
        return self.render_to_response(Page.get_context_data(self, sentence=say("E35", time=until)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contact = self.signing_in.contact
        shown = {"by_email": True} if "@" in contact else {"ending": contact[-2:]}
        waits = next_send(contact) if "early" in self.request.GET else None
        if isinstance(waits, SendTooEarly) and not kwargs.get("notice"):
            kwargs["notice"] = say("N13", time=waits.until)
        return super().get_context_data(**kwargs, **shown, wait=seconds_to_next_send(contact))


class SignOut(View):
    """Ends the session, on every page and by POST only; a GET, from a reload, shows where to sign in."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return see_other("accounts:sign_in")

    def post(self, request: HttpRequest) -> HttpResponseBase:
        kept_posts.sign_out(request)  # another page may still be open
        return SeeOther(f"{reverse('accounts:sign_in')}?signed-out=1")

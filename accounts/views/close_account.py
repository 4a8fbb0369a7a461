"""Closing one's account: what that means, a code, and that it is done."""

from typing import Any

from django.contrib.auth import logout
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import services
from accounts.binding.joining import programme_of
from accounts.models import CardBinding
from accounts.models.account_codes import Proof
from accounts.own_account import session as account_session
from accounts.own_account.forms import CloseCodeForm, CloseForm
from accounts.refusals import SendTooEarly, TooManySends
from accounts.views.proof_page import AccountPage, ProofPage
from cards.programmes import programme_by_code
from pages.form_tokens import post_key
from pages.redirects import see_other
from pages.views import Page


class CloseAccount(AccountPage):
    """What closing does, what is kept, and where the code goes."""

    title = pgettext_lazy("title", "Close your account")
    template_name = "accounts/close_account.html"
    form_class = CloseForm

    def contacts(self) -> list[str]:
        return [contact for contact in (self.user.phone, self.user.email) if contact]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "contacts": self.contacts()}

    def submitted(self, form: CloseForm) -> HttpResponseBase:
        contact = self.user.email if form.cleaned_data["via"] == "email" else self.user.phone
        try:
            self.ask(Proof.CLOSE, contact, press=post_key(self.request.POST))
        except TooManySends as refusal:
            return self.refuse("via", "E36", time=refusal.until)
        except SendTooEarly as refusal:
            return self.refuse("via", "N13", time=refusal.until)
        account_session.keep_closing(self.request, form.cleaned_data["via"])
        return see_other("accounts:close_account_code")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = reverse("accounts:account")
        cards = CardBinding.objects.live().filter(user=self.user).select_related("card__programme").order_by("pk")
        return super().get_context_data(
            **kwargs, cards=[binding.card for binding in cards], undone_by=self.undone_by()
        )

    def undone_by(self) -> str:
        """Which notice has the link that undoes closing; "" for who gets a fixed text only, which holds none."""
        programme = programme_by_code(programme_of(self.user.pk))
        fixed = programme is not None and programme.fixed_text_sms
        return "email" if self.user.email else "" if fixed else "sms"


class CloseAccountCode(ProofPage):
    form_class = CloseCodeForm

    def elsewhere(self) -> HttpResponse | None:
        via = account_session.closing(self.request)
        contact = self.user.email if via == "email" else self.user.phone
        if not via or not contact:
            return see_other("accounts:close_account")
        self.asked = self.asked_for(Proof.CLOSE, contact)
        return None

    def prove(self, otp: str, address: str, press: str) -> None:
        services.close_account(asked=self.asked, otp=otp, address=address, press=press)

    def proved(self) -> HttpResponseBase:
        logout(self.request)
        return see_other("accounts:account_closed")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = reverse("accounts:close_account")
        return super().get_context_data(**kwargs, back=self.back_url)


class AccountClosed(Page):
    """What is left to say; it names nobody."""

    title = _("Your account is closed")
    template_name = "accounts/account_closed.html"

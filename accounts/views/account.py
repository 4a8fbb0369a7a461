"""One's account (P20): how one is reached, and where everything about it is."""

from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from accounts import services
from accounts.account_links import links
from accounts.contacts import mask
from accounts.models import ContactChange
from accounts.signing_in.ways_in import registered_for_cards
from accounts.views.signed_in import SignedInPage
from pages.views import FormPage


class Account(SignedInPage, FormPage):
    """The contacts, a change that waits for its moment, and links."""

    title = pgettext_lazy("title", "My account")
    template_name = "accounts/account.html"

    def submitted(self, form: Any) -> HttpResponseBase:
        stopped = services.stop_contact_change(user_id=self.user.pk)
        return self.tell("N10") if stopped else self.again()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = reverse("accounts:cards")
        waiting = ContactChange.objects.waiting().filter(user=self.user).first()
        return super().get_context_data(
            **kwargs,
            phone=mask(self.user.phone) if self.user.phone else "",
            email=mask(self.user.email) if self.user.email else "",
            registered=registered_for_cards(self.user),
            waiting=waiting,
            wanted=mask(waiting.new) if waiting else "",
            links=[(words, reverse(name)) for words, name in links()],
        )

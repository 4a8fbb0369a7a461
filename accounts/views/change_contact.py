"""Another phone or email: which one, the code to the old contact, the code to the new one."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from accounts import services
from accounts.contacts import index_of, mask
from accounts.models import ContactChange
from accounts.models.account_codes import Proof
from accounts.own_account.forms import NewEmailForm, NewPhoneForm
from accounts.refusals import ChangeWaits, ContactKnown, NotSentThere, SendTooEarly, TooManySends
from accounts.sending_limits import next_send
from accounts.views.proof_page import AccountPage, ProofPage
from pages.catalogue import say
from pages.form_tokens import post_key
from pages.forms import PageForm
from pages.redirects import SeeOther, see_other

TITLES = {
    "phone": pgettext_lazy("title", "Change your mobile number"),
    "email": pgettext_lazy("title", "Change your email address"),
}
ADD = {
    "phone": pgettext_lazy("title", "Add a mobile number"),
    "email": pgettext_lazy("title", "Add an email address"),
}
FORMS: dict[str, type[PageForm]] = {"phone": NewPhoneForm, "email": NewEmailForm}


class ChangeContact(AccountPage):
    """Asks for the new contact; the code goes to the one that the account has."""

    field: ClassVar[str] = "phone"
    template_name = "accounts/change_contact.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if ContactChange.objects.waiting().filter(user=self.user).exists():
            return see_other("accounts:account")
        return super().get(request, *args, **kwargs)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.form_class = FORMS[self.field]

    def submitted(self, form: PageForm) -> HttpResponseBase:
        try:
            change = services.begin_contact_change(user_id=self.user.pk, contact=form.cleaned_data["contact"])
            self.ask(Proof.OLD, self.reached(), change=change.pk, press=post_key(self.request.POST))
        except ContactKnown:
            return self.refuse("contact", "E38")
        except NotSentThere:
            return self.refuse("contact", "E27b")
        except ChangeWaits:
            return see_other("accounts:account")
        except SendTooEarly as refusal:
            return self.refuse(None, "N13", time=refusal.until)
        except TooManySends as refusal:
            return self.refuse(None, "E36", time=refusal.until)
        return see_other("accounts:prove_old_contact")

    def reached(self) -> str:
        """The contact that proves who asks: the one that is to change, or else the other one."""
        held: str = self.user.phone if self.field == "phone" else self.user.email
        return held or self.user.phone or self.user.email

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        held = self.user.phone if self.field == "phone" else self.user.email
        self.title, self.back_url = (TITLES if held else ADD)[self.field], reverse("accounts:account")
        return super().get_context_data(**kwargs, held=mask(held) if held else "", reached=mask(self.reached()))


class ChangeProof(ProofPage):
    """A code of the change whose contacts are being proved."""

    change: ContactChange

    def under_way(self) -> ContactChange | None:
        return ContactChange.objects.provable(timezone.now()).filter(user=self.user).first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = reverse(f"accounts:change_{self.change.field}")
        return super().get_context_data(**kwargs, wanted=mask(self.change.new), back=self.back_url)


class ProveOldContact(ChangeProof):
    def elsewhere(self) -> HttpResponse | None:
        change = self.under_way()
        if change is None:
            return see_other("accounts:account")
        if change.old_proved_at:
            return see_other("accounts:prove_new_contact")
        held = [contact for contact in (self.user.phone, self.user.email) if contact]
        contact = next((one for one in held if index_of(one) == change.proof_index), "")
        self.change, self.asked = change, self.asked_for(Proof.OLD, contact, change.pk)
        return None

    def prove(self, otp: str, address: str, press: str) -> None:
        services.prove_old_contact(asked=self.asked, otp=otp, address=address, press=press)

    def proved(self) -> HttpResponseBase:
        address = reverse("accounts:prove_new_contact")
        try:
            self.ask(Proof.NEW, self.change.new, change=self.change.pk, press=f"new|{self.change.pk}")
        except (SendTooEarly, TooManySends):
            return SeeOther(f"{address}?late=1")
        return SeeOther(address)


class ProveNewContact(ChangeProof):
    """Where the code could not be sent at once (`?late`), the page says why, and from when it can."""

    kept_query = ("late",)

    def elsewhere(self) -> HttpResponse | None:
        change = self.under_way()
        if change is None:
            return see_other("accounts:account")
        if not change.old_proved_at:
            return see_other("accounts:prove_old_contact")
        self.change, self.asked = change, self.asked_for(Proof.NEW, change.new, change.pk)
        return None

    def prove(self, otp: str, address: str, press: str) -> None:
        services.prove_new_contact(asked=self.asked, otp=otp, address=address, press=press)

    def proved(self) -> HttpResponseBase:
        return see_other("accounts:account")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        late, waits = "late" in self.request.GET, next_send(self.asked.contact)
        said = say("E36" if isinstance(waits, TooManySends) else "N13", time=waits.until) if waits else ""
        return super().get_context_data(**kwargs, late=late, said=said)

"""Freezing and unfreezing a card of one's own account."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.binding.rights import Right
from accounts.contacts import mask
from accounts.loss import session as loss_session
from accounts.loss.forms import ContactToUseForm, FreezeForm
from accounts.models.loss_codes import Act
from accounts.views.loss_code import LossPage
from accounts.views.own_card import OwnCard
from cards.dimensions import State, Via
from cards.events import Actor
from cards.models import Card
from pages.markup import spoken_mask
from pages.programmes import speak_for
from pages.redirects import SeeOther, see_other


class OwnLossPage(LossPage):
    """A page about a card in the account that is signed in; `OwnCard` comes before it and finds the card."""

    card: Card

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.back_url = reverse("accounts:cards")
        speak_for(self.request, self.card.programme)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, card=self.card)


class FreezeOwnCard(OwnCard, OwnLossPage):
    """One press, no code: signing in has proved more than enough. What comes next, a helper leaves to the holder."""

    right = Right.FREEZE
    act = Act.FREEZE
    title = _("Freeze this card")
    template_name = "accounts/loss/own_lost.html"
    form_class = FreezeForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.card.state != State.ACTIVE:
            return self.frozen()
        return super().get(request, *args, **kwargs)

    def submitted(self, form: FreezeForm) -> HttpResponseBase:
        services.freeze_card(
            card_id=self.card.pk, actor=Actor.cardholder(self.request.user.pk), channel=Via.WEB, reason="lost"
        )
        return self.frozen()

    def frozen(self) -> HttpResponseBase:
        """What can be said and done is on the next page."""
        if self.helping:
            return SeeOther(f"{reverse('accounts:card', args=[self.card.pk])}?done=frozen")
        loss_session.prove(self.request, self.act, [self.card.pk])
        return see_other("accounts:lost_done")


class UnfreezeOwnCard(OwnCard, OwnLossPage):
    """Asks where to send the code: lifting a freeze wants a contact that the issuer registered, not the session."""

    act = Act.UNFREEZE
    title = _("Unfreeze this card")
    template_name = "accounts/loss/own_found.html"
    form_class = ContactToUseForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.card.state != State.SUSPENDED:
            return see_other("accounts:cards")
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        contacts = [
            (contact.channel.value, spoken_mask(mask(contact.address))) for contact in self.card.registered_contacts()
        ]
        return {**super().get_form_kwargs(), "choices": contacts}

    def submitted(self, form: ContactToUseForm) -> HttpResponseBase:
        contacts = {contact.channel.value: contact.address for contact in self.card.registered_contacts()}
        contact = contacts[form.cleaned_data["via"]]
        asked = loss_session.typed(self.request, act=self.act, tail=self.card.number_tail, contact=contact)
        return self.ask(asked, field="via", own=self.card.pk)

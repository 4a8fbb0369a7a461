"""Who helps with a card, ending that, and taking a card out of one's account."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import services
from accounts.binding.forms import EndHelpForm, RemoveCardForm, StopHelpingForm
from accounts.binding.notices import mask_of
from accounts.binding.rights import Right
from accounts.models import CardHelper
from accounts.views.own_card import OwnCard
from cards.dimensions import Via
from cards.events import Actor
from pages.markup import spoken_mask
from pages.redirects import SeeOther
from pages.times import day
from pages.views import FormPage


@dataclass(frozen=True)
class Helper:
    """Somebody who helps with a card, as its holder sees them."""

    id: UUID
    contact: SafeString
    since: datetime


def helpers_of(card_id: UUID) -> list[Helper]:
    """List who helps with a card now."""
    live = CardHelper.objects.live().filter(card_id=card_id).select_related("user").order_by("since")
    return [Helper(one.pk, spoken_mask(mask_of(one.user)), one.since) for one in live]


class RemoveCard(OwnCard, FormPage):
    """The interruption before a card leaves the account."""

    title = gettext_lazy("Remove this card from your account?")
    template_name = "accounts/binding/remove.html"
    form_class = RemoveCardForm

    def submitted(self, form: RemoveCardForm) -> HttpResponseBase:
        services.remove_card(card_id=self.card.pk, user_id=self.card_user_id)
        return SeeOther(f"{reverse('accounts:cards')}?done=removed")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = reverse("accounts:card", args=[self.card.pk])
        return super().get_context_data(card=self.card, helpers=helpers_of(self.card.pk), **kwargs)


class EndHelp(OwnCard, FormPage):
    """The holder ends the help of one of those who help."""

    title = gettext_lazy("People who help with this card")
    template_name = "accounts/binding/helpers.html"
    form_class = EndHelpForm

    def get_form_kwargs(self) -> dict[str, Any]:
        self.helpers = helpers_of(self.card.pk)
        return {**super().get_form_kwargs(), "choices": [(str(one.id), _told(one)) for one in self.helpers]}

    def submitted(self, form: EndHelpForm) -> HttpResponseBase:
        actor = Actor.cardholder(self.card_user_id)
        helper_id = UUID(form.cleaned_data["who"])
        services.end_help(card_id=self.card.pk, helper_id=helper_id, actor=actor, channel=Via.WEB)
        return SeeOther(f"{reverse('accounts:card', args=[self.card.pk])}?done=ended")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = reverse("accounts:card", args=[self.card.pk])
        return super().get_context_data(card=self.card, helpers=self.helpers, **kwargs)


class StopHelping(OwnCard, FormPage):
    """A helper ends their own help."""

    right = Right.SEE
    title = gettext_lazy("Stop helping with this card?")
    template_name = "accounts/binding/stop_helping.html"
    form_class = StopHelpingForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.helping:
            raise Http404
        return super().get(request, *args, **kwargs)

    def submitted(self, form: StopHelpingForm) -> HttpResponseBase:
        helper = CardHelper.objects.live().filter(card=self.card, user_id=self.card_user_id).first()
        if helper is not None:
            actor = Actor.cardholder(self.card_user_id)
            services.end_help(card_id=self.card.pk, helper_id=helper.pk, actor=actor, channel=Via.WEB)
        return SeeOther(f"{reverse('accounts:cards')}?done=ended")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = reverse("accounts:card", args=[self.card.pk])
        return super().get_context_data(card=self.card, **kwargs)


def _told(helper: Helper) -> SafeString:
    return format_html(_("{contact}, since {day}"), contact=helper.contact, day=day(helper.since))

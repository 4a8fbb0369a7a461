"""The current activation code of a card of one's own, after signing in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from accounts.refusals import TooManySends
from accounts.views.signed_in import SignedInPage
from activation import services
from activation.own_cards import own_pending_cards
from activation.refusals import NoCodeNow
from activation.views.opening import opening
from cards.models import Card
from cards.one_time_codes import group
from pages.views import FormPage

SHOWN = "shown_code"
"""In the session, until the next look: for which card the button was pressed. Never the code."""


class OwnCode(SignedInPage, FormPage):
    """Each card that waits for activation, with a button. One press shows its code once, in no address and cache."""

    title = pgettext_lazy("title", "Your activation code")
    template_name = "activation/own_code.html"
    buttons = ("card",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = reverse("accounts:cards")
        asked, at = self.request.session.pop(SHOWN, ""), timezone.now()
        cards = [self.told(card, asked, at) for card in own_pending_cards(self.user.pk)[:20]]
        return super().get_context_data(**kwargs, cards=cards)

    def told(self, card: Card, asked: str, at: datetime) -> dict[str, Any]:
        """A card and, where its button was pressed, its code as the message gives it."""
        code = services.current_code(self.user, card.pk, at)
        shown = group(code.derive()) if code and str(card.pk) == asked else ""
        until = code and code.expires_at
        return {"card": card, "has_code": code is not None, "shown": shown, "until": until, **opening(card.programme)}

    def submitted(self, form: Any) -> HttpResponseBase:
        return self.again()

    def pressed(self, name: str) -> HttpResponseBase:
        try:
            card_id = UUID(self.request.POST[name])
            services.show_code(user=self.user, card_id=card_id)
        except (ValueError, NoCodeNow):
            return self.again()
        except TooManySends as refusal:
            return self.tell("N11", time=refusal.until)
        self.request.session[SHOWN] = str(card_id)
        return self.again()

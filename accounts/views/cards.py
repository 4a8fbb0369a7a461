"""One's cards (P13), and one of them (P14)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.beside_cards import to_do
from accounts.binding.rights import Held, Right, held_cards
from accounts.card_list import list_cards
from accounts.views.helping import helpers_of
from accounts.views.own_card import OwnCard
from accounts.views.signed_in import SignedInPage
from cards.dimensions import State
from cards.functions import read_functions
from pages.views import Page

DONE = {
    "added": gettext_lazy("The card is in your account now"),
    "helping": gettext_lazy("You can help with the card now"),
    "removed": gettext_lazy("The card is no longer in your account"),
    "ended": gettext_lazy("The help has ended"),
    "frozen": gettext_lazy("The card is frozen"),
}
"""What was just done on another page, by the parameter that it led here with."""


class MyCards(SignedInPage):
    """The cards in one's account, each with its state."""

    title = gettext_lazy("My cards")
    template_name = "accounts/cards.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cards = list_cards(list(held_cards(self.user.pk)))
        done = DONE.get(self.request.GET.get("done", ""))
        return super().get_context_data(**kwargs, cards=cards, to_do=to_do(self.user.pk), done=done)


class CardPage(OwnCard, Page):
    """How one card stands, what it can do, and what can be done with it."""

    right = Right.SEE
    title = gettext_lazy("Card details")
    template_name = "accounts/card.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        (card,) = list_cards([Held(self.card, self.helping)])
        self.back_url = reverse("accounts:cards")
        programme, activated_at = self.card.programme, self.card.activated_at
        works = self.card.state == State.ACTIVE
        mine = {} if self.helping else {"helpers": helpers_of(self.card.pk)}
        return super().get_context_data(
            **kwargs,
            **mine,
            card=card,
            functions=read_functions(programme.functions, activated_at, programme.zone) if works else [],
            done=DONE.get(self.request.GET.get("done", "")),
        )

"""One's cards (P13)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.beside_cards import to_do
from accounts.card_list import cards_of
from accounts.views.signed_in import SignedInPage


class MyCards(SignedInPage):
    """The cards in one's account, each with its state."""

    title = _("My cards")
    template_name = "accounts/cards.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, cards=cards_of(self.user.pk), to_do=to_do(self.user.pk))

"""What was done to cards."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cards.masks import mask_card
from cards.models import CardEvent
from desk.reading import ReadOnlyAdmin, link_to
from desk.reasons import in_words
from desk.search import by_card


@admin.register(CardEvent)
class CardEventAdmin(ReadOnlyAdmin):
    """Every event, the newest first."""

    list_display = ("at", "card_link", "kind", "from_state", "to_state", "actor_kind", "actor_role", "why")
    fieldsets = (
        (None, {"fields": ("at", "card_link", "kind", "from_state", "to_state")}),
        (_("By"), {"fields": ("actor_kind", "actor_id", "actor_role", "channel", "why", "comment", "reference")}),
    )
    related = ("card",)
    find_by = by_card("card__")

    @admin.display(description=_("Reason"))
    def why(self, event: CardEvent) -> str:
        """The reason, in words."""
        return in_words(event.reason)

    @admin.display(description=_("Card"))
    def card_link(self, event: CardEvent) -> str:
        """The card, by its last digits."""
        return link_to(event.card, mask_card(event.card.number_tail))

"""New PINs: which way they were chosen, and how far they are; never the PIN."""

from django.contrib import admin

from accounts.models import PinReset
from desk.admin.cases import OfCard
from desk.search import by_card


@admin.register(PinReset)
class PinResetAdmin(OfCard):
    """One that is on its way is stopped on its card's page."""

    list_display = ("chosen_at", "card_link", "way", "takes_effect_at", "ended_at", "outcome")
    fields = ("card_link", "way", "chosen_at", "takes_effect_at", "ended_at", "outcome", "tries", "next_try_at")
    find_by = by_card("card__")

"""Messages: to whom (masked), about what and how it went. No words: they are made when a message is sent."""

from typing import Any, ClassVar

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cards.models import Card
from desk.reading import ReadOnlyAdmin
from desk.search import Kind, Wanted, by_card
from desk.states import state_of_message
from messaging.kinds import label_of
from messaging.models import Message

THROUGH_CARDS = (Kind.CARD_NUMBER, Kind.REFERENCE, Kind.ID_NUMBER)
CARDS_LOOKED_AT = 20


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Every message, the newest first."""

    list_display = ("created_at", "kind_label", "channel", "to_masked", "state", "tries")
    fieldsets = (
        (None, {"fields": ("kind_label", "channel", "to_masked", "language", "programme_code", "state")}),
        (None, {"fields": ("created_at", "deadline", "tries", "next_try_at", "sent_at", "dropped_at", "dead_at")}),
        (_("Gateway"), {"fields": ("gateway", "provider_id", "failure")}),
    )
    find_by: ClassVar[dict[Kind, str]] = {Kind.PHONE: "contact_index", Kind.EMAIL: "contact_index"}

    @admin.display(description=_("Kind"))
    def kind_label(self, message: Message) -> str:
        """What it says, in a word."""
        return label_of(message.kind)

    @admin.display(description=_("State"))
    def state(self, message: Message) -> str:
        """Sent, waiting, given up."""
        return state_of_message(message)

    def address_of(self, wanted: Wanted) -> str:
        """By contact; by card number, document number or reference: those to the registered contacts of the cards."""
        for kind in THROUGH_CARDS:
            values: Any = wanted.get(kind)
            contacts = contacts_of_cards(by_card()[kind], values) if values else []
            if contacts and (address := self.address_where("contact_index", contacts)):
                return address
        return super().address_of(wanted)


def contacts_of_cards(column: str, values: Any) -> list[Any]:
    """The blind indexes of the contacts of the cards whose `column` holds one of `values`."""
    cards = Card.objects.filter(**{f"{column}__in": values}).values_list("phone_index", "email_index")
    return [index for pair in cards[:CARDS_LOOKED_AT] for index in pair if index]

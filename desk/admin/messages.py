"""Messages: to whom (masked), about what and how it went. No words: they are made when a message is sent."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cards.masks import mask_card
from cards.models import Card
from cards.programmes import all_programmes
from desk.failures import in_words
from desk.reading import ReadOnlyAdmin, link_to
from desk.retrying import CONFIRMED, ask_first, retry
from desk.search import Kind, Wanted, by_card
from desk.states import state_of_message
from desk.subjects import cards_of
from messaging.gateways.chosen import gateway_names
from messaging.kinds import all_kinds, label_of
from messaging.models import Message, MessageQuerySet, Receipt, ReceiptMention
from messaging.retrying import prospects_of

RETRIED_AT_ONCE = 500
BR = mark_safe("<br>")
RECEIPTS_SHOWN = 20
OUTCOMES = {
    "queued": pgettext_lazy("receipt", "Taken"),
    "sent": pgettext_lazy("receipt", "Sent"),
    "delivered": pgettext_lazy("receipt", "Delivered"),
    "undelivered": pgettext_lazy("receipt", "Not delivered"),
}
THROUGH_CARDS = (Kind.CARD_NUMBER, Kind.REFERENCE, Kind.ID_NUMBER)
CARDS_LOOKED_AT = 20


class StateFilter(admin.SimpleListFilter):
    """How a message stands."""

    title = _("state")
    parameter_name = "state"
    sets: ClassVar[dict[str, tuple[Any, Callable[[MessageQuerySet], MessageQuerySet]]]] = {
        "waiting": (_("Waiting"), MessageQuerySet.waiting),
        "sent": (_("Sent, nothing heard since"), MessageQuerySet.on_their_way),
        "delivered": (_("Delivered"), MessageQuerySet.delivered),
        "undelivered": (pgettext_lazy("message", "Not delivered"), MessageQuerySet.undelivered),
        "dead": (_("Could not be sent"), MessageQuerySet.dead),
        "dropped": (_("Not wanted any more"), MessageQuerySet.dropped),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Every state, from the first to the last."""
        return [(name, words) for name, (words, _narrow) in self.sets.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Narrow to one of them."""
        chosen = self.sets.get(self.value() or "")
        return chosen[1](queryset) if chosen else queryset


class ColumnFilter(admin.SimpleListFilter):
    """One value of a column, from those that can be: looking for those that are would read every message."""

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Narrow to one of them."""
        return queryset.filter(**{f"{self.parameter_name}": self.value()}) if self.value() else queryset


class KindFilter(ColumnFilter):
    title, parameter_name = _("kind"), "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Every kind, by its name."""
        return sorted(((kind.name, label_of(kind.name)) for kind in all_kinds()), key=lambda one: one[1])


class GatewayFilter(ColumnFilter):
    title, parameter_name = _("gateway"), "gateway"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Those that messages go by now."""
        names = (name for channel in ("sms", "voice", "email") for name in gateway_names(channel))
        return [(name, name) for name in dict.fromkeys(names)]


class ProgrammeFilter(ColumnFilter):
    title, parameter_name = _("programme"), "programme_code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Every programme."""
        return [(programme.code, programme) for programme in all_programmes()]


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Every message, the newest first."""

    list_display = ("created_at", "kind_label", "state", "card_link", "channel", "to")
    list_filter = (StateFilter, GatewayFilter, ProgrammeFilter, KindFilter)
    actions = ("try_again",)
    fieldsets = (
        (None, {"fields": ("kind_label", "card_link", "channel", "to", "language_name", "programme_code", "state")}),
        (None, {"fields": ("created_at", "sent_at", "delivered_at", "undelivered_at", "receipts")}),
        (_("Another way"), {"fields": ("instead_link", "in_place_of_link")}),
        (_("Tries"), {"fields": ("deadline", "tries", "next_try_at", "dropped_at", "dead_at")}),
        (_("Gateway"), {"fields": ("gateway", "provider_id", "destination", "failure_words")}),
    )
    find_by: ClassVar[dict[Kind, str]] = {Kind.PHONE: "contact_index", Kind.EMAIL: "contact_index"}

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Who may let a message be sent that could not be sent."""
        return request.user.has_perm("messaging.change_message")

    @admin.action(description=_("Try again to send"), permissions=["retry"])
    def try_again(self, request: HttpRequest, chosen: MessageQuerySet) -> HttpResponse | None:
        """Say what would become of them; once that is confirmed, do it."""
        prospects = prospects_of(chosen.order_by("pk")[:RETRIED_AT_ONCE], timezone.now())
        if CONFIRMED not in request.POST:
            return ask_first(self, request, prospects)
        retry(self, request, prospects)
        return None

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The rows of the page, each with the card that it is about."""
        changelist = super().get_changelist_instance(request)
        cards = cards_of(changelist.result_list)
        for message in changelist.result_list:
            message.cards = cards
        return changelist

    @admin.display(description=_("Card"))
    def card_link(self, message: Message) -> str:
        """The card that it is about, by its last digits."""
        found: dict[UUID, Card] | None = getattr(message, "cards", None)
        card = (cards_of([message]) if found is None else found).get(message.subject_id)
        return link_to(card, card and mask_card(card.number_tail))

    @admin.display(description=pgettext_lazy("message", "To"))
    def to(self, message: Message) -> str:
        """The masked contact."""
        return message.to_masked

    @admin.display(description=_("Kind"))
    def kind_label(self, message: Message) -> str:
        """What it says, in a word."""
        return label_of(message.kind)

    @admin.display(description=_("failure"))
    def failure_words(self, message: Message) -> str:
        """Why it did not go out: our own reasons in the reader's language, a gateway's as it gave them."""
        return in_words(message.failure)

    @admin.display(description=_("State"))
    def state(self, message: Message) -> str:
        """Sent, waiting, given up."""
        return state_of_message(message)

    @admin.display(description=_("Sent in place of"))
    def in_place_of_link(self, message: Message) -> str:
        """The message that did not arrive."""
        first = Message.objects.filter(pk=message.in_place_of).first() if message.in_place_of else None
        return _link(first)

    @admin.display(description=_("Sent instead"))
    def instead_link(self, message: Message) -> str:
        """The message that was sent instead."""
        return _link(Message.objects.filter(in_place_of=message.pk).first())

    @admin.display(description=_("Receipts"))
    def receipts(self, message: Message) -> str:
        """When which word came; never the words themselves."""
        heard = ReceiptMention.objects.filter(message_id=message.pk).order_by("received_at", "pk")[:RECEIPTS_SHOWN]
        told = (
            (OUTCOMES.get(one.state, one.state), date_format(localtime(one.received_at), "DATETIME_FORMAT"))
            for one in heard
        )
        return format_html_join(BR, "{}, {}", told) or "-"

    def address_of(self, request: HttpRequest, wanted: Wanted) -> str:
        """By contact; by card number, document number or reference: those to the registered contacts of the cards."""
        for kind in THROUGH_CARDS:
            values: Any = wanted.get(kind)
            contacts = contacts_of_cards(by_card()[kind], values) if values else []
            if contacts and (address := self.address_where(request, "contact_index", contacts)):
                return address
        return super().address_of(request, wanted)


def contacts_of_cards(column: str, values: Any) -> list[Any]:
    """The blind indexes of the contacts of the cards whose `column` holds one of `values`."""
    cards = Card.objects.filter(**{f"{column}__in": values}).values_list("phone_index", "email_index")
    return [index for pair in cards[:CARDS_LOOKED_AT] for index in pair if index]


def _link(message: Message | None) -> str:
    return link_to(message, message and f"{message.get_channel_display()}, {message.to_masked}")


@admin.register(Receipt)
class ReceiptAdmin(ReadOnlyAdmin):
    """What gateways told: when, and whether it was understood. What they wrote names numbers and stays sealed."""

    list_display = ("received_at", "gateway", "handled_at", "tries", "failure")
    fields = ("received_at", "gateway", "content_type", "handled_at", "tries", "failure")

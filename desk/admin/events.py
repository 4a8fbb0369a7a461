"""What was done to cards; how an event is told, and found by its day."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountEvent, User
from cards.dimensions import ActorKind
from cards.masks import mask_card
from cards.models import CardEvent
from cards.models.card_event import UNCOMMON_KINDS
from desk.doers import names_of_staff, told_by
from desk.reading import ReadOnlyAdmin, link_to
from desk.reasons import in_words
from desk.search import by_card
from vault.ids import first_id


class KindFilter(admin.SimpleListFilter):
    """What can be looked for among millions: the kinds that have an index of their own."""

    title, parameter_name = _("event"), "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Each by its label."""
        return [(str(kind), kind.label) for kind in UNCOMMON_KINDS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[CardEvent]) -> QuerySet[CardEvent]:
        """Narrow to one kind."""
        return queryset.filter(kind=self.value()) if self.value() in UNCOMMON_KINDS else queryset


class DoerFilter(admin.SimpleListFilter):
    """What staff did."""

    title, parameter_name = _("by"), "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The one choice beside everybody."""
        return [("staff", ActorKind.STAFF.label)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[CardEvent]) -> QuerySet[CardEvent]:
        """Narrow to staff."""
        return queryset.filter(actor_kind="staff") if self.value() == "staff" else queryset


class DayFilter(admin.SimpleListFilter):
    """When, by the primary key, which tells the moment."""

    title, parameter_name = _("day"), "day"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Days back from today."""
        return [("0", _("Today")), ("1", _("Yesterday")), ("7", _("Past 7 days"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[CardEvent]) -> QuerySet[CardEvent]:
        """Narrow to the ids of these days."""
        today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        if self.value() == "0":
            return queryset.filter(pk__gte=first_id(today))
        if self.value() == "1":
            return queryset.filter(pk__gte=first_id(today - timedelta(days=1)), pk__lt=first_id(today))
        return queryset.filter(pk__gte=first_id(today - timedelta(days=7))) if self.value() == "7" else queryset


class EventAdmin(ReadOnlyAdmin):
    """Who did what, and why."""

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The rows of the page, with the names of staff who did them."""
        changelist = super().get_changelist_instance(request)
        names = names_of_staff(changelist.result_list)
        for event in changelist.result_list:
            event.doer = told_by(event, names)
        return changelist

    @admin.display(description=_("By"))
    def doer(self, event: CardEvent | AccountEvent) -> str:
        """Role and name of a member of staff; for everybody else what they are."""
        found: str | None = getattr(event, "doer", None)
        return told_by(event, names_of_staff([event])) if found is None else found

    @admin.display(description=_("Reason"))
    def why(self, event: CardEvent | AccountEvent) -> str:
        """The reason, in words."""
        return in_words(event.reason)


@admin.register(CardEvent)
class CardEventAdmin(EventAdmin):
    """Every event, the newest first."""

    list_display = ("at", "card_link", "kind", "from_state", "to_state", "doer", "why")
    list_filter = (KindFilter, DoerFilter, DayFilter)
    fieldsets = (
        (None, {"fields": ("at", "card_link", "kind", "from_state", "to_state")}),
        (_("By"), {"fields": ("doer", "account", "channel", "why", "comment", "reference")}),
    )
    related = ("card",)
    find_by = by_card("card__")

    def naming(self, row: Any) -> str:
        """What happened, and when."""
        return str(row)

    @admin.display(description=_("Account"))
    def account(self, event: CardEvent) -> str:
        """The account of the person; the portal and the issuer have none."""
        if event.actor_id and event.actor_kind in (ActorKind.STAFF, ActorKind.CARDHOLDER):
            user = User.objects.filter(pk=event.actor_id).first()
            return link_to(user, user)
        return "-"

    @admin.display(description=_("Card"))
    def card_link(self, event: CardEvent) -> str:
        """The card, by its last digits."""
        return link_to(event.card, mask_card(event.card.number_tail))

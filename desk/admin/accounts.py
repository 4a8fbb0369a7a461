"""Accounts and which cards are in them: masked, read-only."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import CardBinding, CardHelper, User
from cards.masks import mask_card, mask_email, mask_phone
from desk.account_story import story_of_account
from desk.acting import ActingAdmin
from desk.actions import ACCOUNT_ACTIONS
from desk.reading import ReadOnlyAdmin, link_to
from desk.roles import label_of
from desk.search import Kind, by_card
from desk.story import Table


class StaffFilter(admin.SimpleListFilter):
    """Staff, who are few: they are found through the index of usernames."""

    title = _("who")
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The one choice beside everybody."""
        return [("staff", _("Staff"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """Narrow to staff."""
        return queryset.filter(username__isnull=False) if self.value() == "staff" else queryset


@admin.register(User)
class UserAdmin(ActingAdmin):
    """Cardholders and staff."""

    acts = ACCOUNT_ACTIONS
    back = _("Back to the account")
    one_only = _("Choose one account only: each is asked about on its own.")

    list_display = ("account", "phone_masked", "email_masked", "is_staff", "is_active", "created_at")
    list_filter = (StaffFilter,)
    cardholder = (
        "phone_masked",
        "email_masked",
        "language_name",
        "is_active",
        "created_at",
        "last_login",
        "closed_at",
    )
    staff = ("username", "is_superuser", "roles")
    find_by: ClassVar[dict[Kind, str]] = {
        Kind.PHONE: "phone_index",
        Kind.EMAIL: "email_index",
        Kind.CARD_NUMBER: "bindings__card__number_index",
        Kind.ID_NUMBER: "bindings__card__id_number_index",
    }

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """What only staff have is not shown of cardholders."""
        cardholder = ((None, {"fields": self.cardholder}),)
        return (*cardholder, (_("Staff"), {"fields": self.staff})) if obj is None or obj.is_staff else cardholder

    def story(self, user: User) -> list[Table]:
        """Its cards, its helpers and its activity."""
        return story_of_account(user)

    def described(self, user: User) -> str:
        """By what it is called, and how many cards are in it."""
        cards = CardBinding.objects.live().filter(user=user).count()
        told = {"account": self.naming(user), "count": cards}
        return ngettext("%(account)s, %(count)d card", "%(account)s, %(count)d cards", cards) % told

    def naming(self, row: User) -> str:
        """By the username or the mask."""
        return str(row)

    @admin.display(description=_("Account"))
    def account(self, user: User) -> str:
        """By the username or the mask."""
        return str(user)

    @admin.display(description=_("Mobile number"))
    def phone_masked(self, user: User) -> str:
        """The masked number."""
        return mask_phone(user.phone)

    @admin.display(description=_("Email address"))
    def email_masked(self, user: User) -> str:
        """The masked address."""
        return mask_email(user.email)

    @admin.display(description=_("Roles"))
    def roles(self, user: User) -> str:
        """The roles of staff."""
        return ", ".join(map(label_of, user.groups.values_list("name", flat=True)))


class OfCardAndAccount(ReadOnlyAdmin):
    """What ties a card to an account."""

    related = ("card", "user")
    find_by = by_card("card__")

    @admin.display(description=_("Card"))
    def card_link(self, row: CardBinding | CardHelper) -> str:
        """The card, by its last digits."""
        return link_to(row.card, mask_card(row.card.number_tail))

    @admin.display(description=_("Account"))
    def account_link(self, row: CardBinding | CardHelper) -> str:
        """The account."""
        return link_to(row.user, row.user)


@admin.register(CardBinding)
class CardBindingAdmin(OfCardAndAccount):
    """Which card is, or was, in whose account."""

    list_display = ("bound_at", "card_link", "account_link", "ended_at")
    fields = ("card_link", "account_link", "bound_at", "ended_at")


@admin.register(CardHelper)
class CardHelperAdmin(OfCardAndAccount):
    """Who helps, or helped, with whose card."""

    list_display = ("since", "card_link", "account_link", "ended_at")
    fields = ("card_link", "account_link", "since", "ended_at")

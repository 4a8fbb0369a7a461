"""What staff did to accounts, for who looks after staff and for auditors."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.activity import plain_words_of
from accounts.models import User
from desk.admin.accounts import UserAdmin
from desk.admin.events import DayFilter, EventAdmin
from desk.models import DoneByStaff
from desk.reading import link_to
from desk.search import Kind


class WhoFilter(admin.SimpleListFilter):
    """One member of staff, whether or not they still work here: they are switched off, never deleted."""

    title, parameter_name = _("member of staff"), "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Staff, who are few: they are found through the index of usernames."""
        staff = User.objects.filter(username__isnull=False).order_by("username")
        return [(str(pk), name) for pk, name in staff.values_list("pk", "username")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[DoneByStaff]) -> QuerySet[DoneByStaff]:
        """Narrow to what they did."""
        return queryset.filter(actor_id=self.value()) if self.value() else queryset


@admin.register(DoneByStaff)
class DoneByStaffAdmin(EventAdmin):
    """The newest first, read off the index of these few."""

    list_display = ("at", "doer", "account_link", "what", "why", "comment")
    list_filter = (WhoFilter, DayFilter)
    fieldsets = (
        (None, {"fields": ("at", "account_link", "what")}),
        (_("By"), {"fields": ("doer", "why", "comment")}),
    )
    related = ("user",)
    find_by: ClassVar[dict[Kind, str]] = {kind: f"user__{column}" for kind, column in UserAdmin.find_by.items()}

    @admin.display(description=_("Event (as the cardholder reads it)"))
    def what(self, event: DoneByStaff) -> str:
        """The sentence of its kind."""
        return plain_words_of(event)

    @admin.display(description=_("Account"))
    def account_link(self, event: DoneByStaff) -> str:
        """The account that it was done to, by its masked contact."""
        return link_to(event.user, event.user)

"""Who works at the desk and as what. Cardholders' accounts are not written by hand (`desk.admin.accounts`)."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import ShowFacets
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from desk.logged import LogsInWords
from desk.models import Staff
from desk.roles import granted_by, label_of, may_manage
from desk.staff_forms import NewStaffForm, RolesField, StaffForm, StaffPasswordForm


@admin.register(Staff)
class StaffAdmin(LogsInWords, UserAdmin):  # type: ignore[type-arg]
    """Django's own pages for users. Staff are switched off, never deleted: what they did names them."""

    form, add_form, change_password_form = StaffForm, NewStaffForm, StaffPasswordForm
    add_form_template = None
    change_user_password_template = "desk/staff_password.html"  # noqa: S105 (its name)
    list_display = ("username", "roles", "is_superuser", "is_active", "last_login")
    list_filter = ()
    search_fields = ()
    filter_horizontal = ()
    actions = None
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    readonly_fields = ("roles", "is_superuser", "last_login", "created_at")
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("username", "password1", "password2", "groups")}),)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who may only look sees no password, not even its method."""
        if obj is None:
            return self.add_fieldsets
        times = (_("Times"), {"fields": ("created_at", "last_login")})
        if not self.has_change_permission(request, obj):
            return ((None, {"fields": ("username", "roles", "is_superuser", "is_active")}), times)
        roles = (_("Roles"), {"fields": ("groups", "is_superuser", "is_active")})
        return ((None, {"fields": ("username", "password")}), roles, times)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Staff]:
        """Staff, who are few: they are found through the index of usernames."""
        staff = super().get_queryset(request).filter(is_staff=True, username__isnull=False)
        return staff.prefetch_related("groups")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only of whom the person may manage; nobody's own, so that none locks themselves out or raises themselves."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_manage(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        """Offer the roles that the person may give, as boxes to tick."""
        roles = Group.objects.filter(name__in=granted_by(request.user)).order_by("pk")
        kwargs |= {"queryset": roles, "widget": CheckboxSelectMultiple, "form_class": RolesField, "required": False}
        kwargs |= {"label": _("Roles"), "help_text": _("Decide what somebody sees and may do. Without one, nothing.")}
        return models.ManyToManyField.formfield(db_field, **kwargs)

    def save_model(self, request: HttpRequest, obj: Staff, form: Any, change: bool) -> None:
        """Who is added here is staff."""
        obj.is_staff = True
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Warn of somebody without a role, who is let in and sees nothing."""
        super().save_related(request, form, formsets, change)
        staff = form.instance
        if staff.is_active and not staff.is_superuser and not staff.groups.exists():
            words = gettext("“%(name)s” has no role: they can sign in and see nothing. Tick one.")
            self.message_user(request, words % {"name": staff.username}, messages.WARNING)

    @admin.display(description=_("Roles"))
    def roles(self, staff: Staff) -> str:
        """The roles, in words."""
        return ", ".join(label_of(group.name) for group in staff.groups.all())

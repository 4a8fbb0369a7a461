"""Programmes: the one thing that staff write by hand."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import ShowFacets
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cards.models import Programme
from desk.logged import LogsValues
from desk.programme_forms import ProgrammeForm


@admin.register(Programme)
class ProgrammeAdmin(LogsValues):
    """Added and changed by the issuer's operators; never deleted, because cards and events stand on it."""

    form = ProgrammeForm
    list_display = ("code", "__str__", "kind", "hotline", "opens_on", "closes_on")
    ordering = ("code",)
    actions = None
    show_facets = ShowFacets.NEVER
    fieldsets = (
        (None, {"fields": ("code", "kind", "names", "issuer_names", "opens_on", "closes_on")}),
        (_("Where and how it looks"), {"fields": ("host_name", "time_zone", "region", "brand_colour", "logo_svg")}),
        (_("Hotline"), {"fields": ("hotline", "hotline_hours")}),
        (_("Card numbers"), {"fields": ("number_length", "number_prefixes", "number_luhn")}),
        (_("Cardholders"), {"fields": ("identity_fields", "id_types", "minimum_age", "issuer_host", "functions")}),
        (
            _("PIN and codes"),
            {"fields": ("pin_length", "pin_tries", "pin_reset_delay", "pin_custody", "code_policy", "code_fallback")},
        ),
        (_("Messages"), {"fields": ("fixed_text_sms", "sms_sender", "email_sender")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The code stands in addresses that people were sent."""
        return ("code",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

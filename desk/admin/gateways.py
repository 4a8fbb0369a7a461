"""Where messages go, by which gateways, how fast, and what each gateway is told."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import ShowFacets
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from desk.gateway_forms import DestinationForm, RateForm, SenderForm, TemplateForm
from desk.logged import LogsValues
from desk.reading import name_of_language
from messaging.destinations import known_destinations
from messaging.kinds import label_of
from messaging.models import Destination, GatewayRate, GatewaySender, ProviderTemplate


class GatewayAdmin(LogsValues):
    """Policy, a handful of rows, written by the issuer's operators."""

    actions = None
    show_facets = ShowFacets.NEVER


@admin.register(Destination)
class DestinationAdmin(GatewayAdmin):
    form = DestinationForm
    list_display = ("prefix", "allowed", "in_order", "hourly_budget", "daily_budget", "tripped_at")
    ordering = ("prefix",)
    change_list_template = "desk/destinations.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The rows, and what counts without one."""
        words = gettext(
            "%(prefix)s is allowed without a row of its own: %(hour)s text messages and calls an hour and %(day)s a "
            "day, by every gateway."
        )
        rowless = [
            words % {"prefix": one.prefix, "hour": f"{one.hourly_budget:,}", "day": f"{one.daily_budget:,}"}
            for one in known_destinations()
            if one.pk is None
        ]
        return super().changelist_view(request, {"rowless": rowless, **(extra_context or {})})

    def get_exclude(self, request: HttpRequest, obj: Destination | None = None) -> tuple[str, ...]:
        """Only where the portal has stopped sending is there a moment to empty."""
        return () if obj and obj.tripped_at else ("tripped_at",)

    @admin.display(description=_("Gateways"))
    def in_order(self, destination: Destination) -> str:
        """Their names."""
        return ", ".join(destination.gateways)


@admin.register(GatewayRate)
class GatewayRateAdmin(GatewayAdmin):
    form = RateForm
    list_display = ("gateway", "per_second")
    ordering = ("gateway",)


@admin.register(GatewaySender)
class GatewaySenderAdmin(GatewayAdmin):
    form = SenderForm
    list_display = ("gateway", "programme", "sender")
    ordering = ("gateway", "programme_code")

    @admin.display(description=_("Programme code"))
    def programme(self, sender: GatewaySender) -> Any:
        """Whose it is."""
        return sender.programme_code or _("All others")


@admin.register(ProviderTemplate)
class ProviderTemplateAdmin(GatewayAdmin):
    form = TemplateForm
    list_display = ("gateway", "programme", "kind_label", "language_name", "template_id")
    ordering = ("gateway", "programme_code", "kind", "language")

    @admin.display(description=_("Programme code"))
    def programme(self, template: ProviderTemplate) -> Any:
        """Whose it is."""
        return template.programme_code or _("All others")

    @admin.display(description=_("Language"))
    def language_name(self, template: ProviderTemplate) -> str:
        """In which language the approved text is."""
        return name_of_language(template.language)

    @admin.display(description=_("Kind"))
    def kind_label(self, template: ProviderTemplate) -> str:
        """What it says, in a word."""
        return label_of(template.kind)

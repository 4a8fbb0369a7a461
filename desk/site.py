"""The admin site of the portal: Django's own, with our title and one search box."""

from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from desk.attention import for_user, what_needs_attention
from desk.search import understand
from desk.sign_in import PasswordForm
from pages.redirects import SeeOther

SEARCHED_FROM_ANYWHERE = ("cards.card", "accounts.user", "accounts.case", "accounts.lossreport", "messaging.message")
"""Cases and losses for their references: a message or a page told them to the cardholder, who reads them out."""


class DeskSite(AdminSite):
    """Where staff work."""

    site_title = gettext_lazy("Card activation")
    site_header = gettext_lazy("Card activation: staff")
    index_title = gettext_lazy("What staff look after")
    login_form = PasswordForm

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """Add the address that the search box posts to."""
        return [path("find/", self.admin_view(self.find), name="find"), *super().get_urls()]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Tell whoever was signed out meanwhile why the page for signing in comes up, and that nothing was done."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def saying_why(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if getattr(request, "signed_out", False):
                messages.warning(request, why_signed_out(request.method == "POST"))
            return inner(request, *args, **kwargs)

        return saying_why

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show what needs attention first, to those who may see messages."""
        may_look = request.user.has_perm("messaging.view_message")
        items = for_user(what_needs_attention(), request.user) if may_look else []
        return super().index(request, {"attention": items, **(extra_context or {})})

    @method_decorator(sensitive_post_parameters())
    def find(self, request: HttpRequest) -> HttpResponse:
        """Go to what was searched for. By POST, so that a number stands in no address and no log of addresses."""
        asked = request.POST.get("list", "")
        searchable = {model._meta.label_lower: model_admin for model, model_admin in self._registry.items()}
        wanted = understand(request.POST.get("wanted", ""))
        for label in (asked,) if asked in searchable else SEARCHED_FROM_ANYWHERE:
            model_admin: Any = searchable[label]
            address: Any = getattr(model_admin, "address_of", None)
            may = address is not None and model_admin.has_view_permission(request)
            if may and (found := address(request, wanted)):
                return SeeOther(found)
        if request.method == "POST":
            words = {"how": how_to_search(), "why": why_not_a_part()}
            messages.warning(request, _("Nothing was found. %(how)s %(why)s") % words)
        back = f"admin:{asked.replace('.', '_')}_changelist" if asked in searchable else "admin:index"
        return SeeOther(self.page_before(request) or reverse(back))

    def page_before(self, request: HttpRequest) -> str:
        """The page of ours that was searched from, as the browser tells it; empty where it tells none."""
        before = request.META.get("HTTP_REFERER", "")
        ours = url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure())
        path, query = urlsplit(before).path, urlsplit(before).query
        if not ours or not path.startswith(reverse("admin:index")) or path == request.path:
            return ""
        return f"{path}?{query}" if query else path

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Tell every page how to search."""
        return {**super().each_context(request), "how_to_search": how_to_search()}


def why_signed_out(sent: bool) -> str:
    """Say in words that the time was over; `sent`: they have just pressed a button."""
    words = _("You have been signed out: staff are after 15 minutes without activity, and after 10 hours.")
    return f"{words} {_('What you sent was not done.')}" if sent else words


def why_not_a_part() -> str:
    """Say in words why nothing else is taken."""
    return _(
        "The last four digits or a name find nothing: both are kept encrypted and can only be compared whole, so that "
        "a copy of the database names nobody."
    )


def how_to_search() -> str:
    """Say in words what the search box takes."""
    return _(
        "Search by the complete card number, mobile number, email address, document number or reference, in any "
        "spelling."
    )

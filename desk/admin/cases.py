"""Losses, and the cases that cardholders open by saying: it was not me."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import BindingCode, Case, LossCode, LossReport
from accounts.models.cases import Done
from accounts.refusals import CaseClosed
from accounts.services import close_case
from cards.masks import mask_card
from desk.acting import staff_of
from desk.forms import CloseCaseForm
from desk.reading import ReadOnlyAdmin, link_to, page_of
from desk.search import Kind, by_card
from desk.states import about_of
from pages.redirects import SeeOther

CLOSE = "accounts.change_case"


class OfCard(ReadOnlyAdmin):
    """Rows that belong to a card."""

    related = ("card",)

    @admin.display(description=gettext_lazy("Card"))
    def card_link(self, row: Any) -> str:
        """The card, by its last digits."""
        return link_to(row.card, mask_card(row.card.number_tail)) if row.card else "-"


class OpenFilter(admin.SimpleListFilter):
    """Those that wait for staff."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The one choice beside all."""
        return [("open", _("Open"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Narrow to the open ones."""
        return queryset.filter(closed_at=None) if self.value() == "open" else queryset


@admin.register(Case)
class CaseAdmin(OfCard):
    """By the reference that a cardholder reads out; closed with words that say how it ended."""

    list_display = ("reference", "card_link", "about", "opened_at", "closed_at")
    list_filter = (OpenFilter,)
    fields = (
        "reference",
        "card_link",
        "account_link",
        "about",
        "done_words",
        "opened_at",
        "closed_at",
        "closed_by",
        "reason",
    )
    find_by: ClassVar[dict[Kind, str]] = {**by_card("card__"), Kind.REFERENCE: "reference"}
    change_form_template = "desk/case.html"

    @admin.display(description=gettext_lazy("Account"))
    def account_link(self, case: Case) -> str:
        """The account, where the notice was about one."""
        return link_to(case.user, case.user) if case.user else "-"

    @admin.display(description=gettext_lazy("About"))
    def about(self, case: Case) -> str:
        """The notice that was answered."""
        return about_of(case)

    @admin.display(description=gettext_lazy("Done at once"))
    def done_words(self, case: Case) -> str:
        """What was stopped."""
        return ", ".join(str(Done(one).label) for one in case.done) or "-"

    def get_urls(self) -> list[URLPattern]:
        """Add the address where a case is closed."""
        close = self.admin_site.admin_view(self.close)
        return [path("<uuid:case_id>/close/", close, name="accounts_case_close"), *super().get_urls()]

    def close(self, request: HttpRequest, case_id: Any) -> HttpResponse:
        """Ask how it ended; close it on POST, once."""
        case = self.get_queryset(request).filter(pk=case_id).first()
        if case is None:
            raise Http404
        if not request.user.has_perm(CLOSE):
            raise PermissionDenied
        if case.closed_at is not None:
            messages.warning(request, _("Somebody has closed this case already."))
            return SeeOther(page_of(case))
        form = CloseCaseForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                close_case(case_id=case.pk, by=staff_of(request).pk, reason=form.cleaned_data["reason"].strip())
                messages.success(request, _("The case is closed."))
            except CaseClosed:
                messages.warning(request, _("Somebody has closed this case already."))
            return SeeOther(page_of(case))
        context = {"title": _("Close case"), "subtitle": case.reference, "opts": self.opts, "case": case, "form": form}
        context["back"] = page_of(case)
        return TemplateResponse(request, "desk/close_case.html", {**self.admin_site.each_context(request), **context})


@admin.register(LossReport)
class LossReportAdmin(OfCard):
    """What was frozen, lifted or reported lost, and whether the issuer knows."""

    list_display = ("reference", "card_link", "frozen_at", "lifted_at", "lost_at", "issuer_told_at")
    fields = (
        *("reference", "card_link", "frozen_at", "last_used", "extended_until", "lifted_at", "lost_at"),
        *("issuer_told_at", "tries", "next_try_at"),
    )
    find_by: ClassVar[dict[Kind, str]] = {**by_card("card__"), Kind.REFERENCE: "reference"}


@admin.register(BindingCode)
class BindingCodeAdmin(OfCard):
    """Codes to add a card; never their digits."""

    list_display = ("issued_at", "card_link", "whose", "channel", "expires_at", "consumed_at")
    fields = ("card_link", "whose", "channel", "issued_at", "expires_at", "consumed_at", "superseded_at", "revoked_at")
    find_by = by_card("card__")


@admin.register(LossCode)
class LossCodeAdmin(OfCard):
    """Codes to freeze and unfreeze; never their digits."""

    list_display = ("issued_at", "card_link", "act", "channel", "expires_at", "consumed_at")
    fields = ("card_link", "act", "channel", "issued_at", "expires_at", "consumed_at", "superseded_at", "revoked_at")
    find_by = by_card("card__")

"""The summary of one's card (P18), to read, to print, and as a PDF to keep or hand in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.summaries import summarise
from accounts.summary_pdf import write_pdf
from accounts.views.own_card import OwnCard
from pages.views import Page

WECHAT = "MicroMessenger"
"""In the User-Agent of WeChat's own browser, which cannot keep a file."""


class CardSummary(OwnCard, Page):
    title = _("Card summary")
    template_name = "accounts/summary.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = reverse("accounts:card", args=[self.card.pk])
        summary = summarise(self.card, timezone.now())
        in_wechat = WECHAT in self.request.headers.get("User-Agent", "")
        return super().get_context_data(card=self.card, summary=summary, in_wechat=in_wechat, **kwargs)


class SummaryPdf(OwnCard):
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        summary = summarise(self.card, timezone.now())
        response = HttpResponse(
            write_pdf(summary, get_language() or "en"),
            content_type="application/pdf",
            headers={"Content-Disposition": 'attachment; filename="card-summary.pdf"'},
        )
        add_never_cache_headers(response)
        return response

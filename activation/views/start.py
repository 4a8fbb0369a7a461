"""P0: what is needed, and where to begin."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View

from activation.seats import unfinished_attempts
from activation.views.next_page import address_of_next
from activation.views.opening import opening
from activation.views.stopped import KINDS
from cards.identity_documents import DocumentType
from cards.models import Programme
from cards.programmes import all_programmes
from pages.redirects import see_other
from pages.requests import PortalRequest
from pages.views import Page


def _only_document(programme: Programme | None) -> str:
    """The name of the document that a programme takes, where it is one."""
    taken = programme.id_types if programme else []
    return str(DocumentType(taken[0]).label) if len(taken) == 1 else ""


class GoOn(View):
    """Leads to the step where the newest activation of this browser stands, else to the page of card number and code,
    which lead back to any activation."""

    @method_decorator(never_cache)
    def get(self, request: PortalRequest) -> HttpResponseBase:
        for attempt in unfinished_attempts(request.session):
            if request.programme is None or attempt.card.programme_id == request.programme.pk:
                return see_other(address_of_next(attempt))
        return see_other("activation:enter-code")


class StartPage(Page):
    template_name = "activation/start.html"
    personal = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        programme = self.request.programme
        name = programme.name if programme else _("card")
        times = opening(programme)
        self.title = _("Activate your %(card)s") % {"card": name} if times["is_open"] else KINDS["not_open"][0]
        return super().get_context_data(
            programme=programme,
            programmes=[] if programme else all_programmes(),
            document=_only_document(programme),
            **times,
            **kwargs,
        )

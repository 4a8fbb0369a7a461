"""P0: what is needed, and where to begin."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from activation.views.opening import opening
from cards.identity_documents import DocumentType
from cards.models import Programme
from cards.programmes import all_programmes
from pages.views import Page


def _only_document(programme: Programme | None) -> str:
    """The name of the document that a programme takes, where it is one."""
    taken = programme.id_types if programme else []
    return str(DocumentType(taken[0]).label) if len(taken) == 1 else ""


class StartPage(Page):
    template_name = "activation/start.html"
    personal = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        programme = self.request.programme
        name = programme.name if programme else _("card")
        self.title = _("Activate your %(card)s") % {"card": name}
        return super().get_context_data(
            programme=programme,
            programmes=[] if programme else all_programmes(),
            document=_only_document(programme),
            **opening(programme),
            **kwargs,
        )

"""P2, `?doc=choose`: which document the person has, when it is not the usual one."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from activation.forms import NONE_OF_THESE, ChooseDocumentForm
from activation.steps import BY_SLUG, ConfirmIdentity
from activation.views.next_page import address_of
from activation.views.seated import SeatedPage
from activation.views.stopped import stop
from pages.redirects import SeeOther
from pages.views import FormPage


class ChooseDocumentPage(SeatedPage, FormPage):
    form_class = ChooseDocumentForm
    template_name = "activation/choose_document.html"
    title = _("Which document do you have?")

    @property
    def identity_address(self) -> str:
        return address_of(BY_SLUG[ConfirmIdentity.slug], self.attempt)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = self.identity_address
        return super().get_context_data(**kwargs)

    def submitted(self, form: Any) -> HttpResponseBase:
        document = form.cleaned_data["doc"]
        if document == NONE_OF_THESE:
            reference = self.attempt.reference
            return stop(self.request, "no_document", back=self.request.path, reference=reference)
        return SeeOther(f"{self.identity_address}?doc={document}")

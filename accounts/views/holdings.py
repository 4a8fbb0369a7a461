"""What we hold about somebody, and the same as a file."""

from typing import Any

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from accounts.held.download import json_pieces
from accounts.held.holdings import all_holdings
from accounts.own_account.forms import DownloadForm
from accounts.services import note_download
from accounts.views.signed_in import SignedInPage
from pages.views import FormPage


class Holdings(SignedInPage, FormPage):
    """Each kind with why and until when; the button downloads all of it, which is written down."""

    title = pgettext_lazy("title", "What we hold about you")
    template_name = "accounts/holdings.html"
    form_class = DownloadForm

    def submitted(self, form: DownloadForm) -> HttpResponseBase:
        at = timezone.now()
        note_download(user_id=self.user.pk)
        return StreamingHttpResponse(
            json_pieces(self.user, at),
            content_type="application/json; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="my-data-{timezone.localdate(at):%Y-%m-%d}.json"',
                "X-Content-Type-Options": "nosniff",
            },
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = reverse("accounts:account")
        return super().get_context_data(**kwargs, holdings=all_holdings())

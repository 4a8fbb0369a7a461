"""What happened to one's cards and account."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from accounts.activity import Happening, happenings
from accounts.views.signed_in import SignedInPage
from pages.times import moment_told

ROWS = 20


class Activity(SignedInPage):
    """In sentences, newest first, page by page."""

    title = pgettext_lazy("title", "Activity")
    template_name = "accounts/activity.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = reverse("accounts:account")
        found = happenings(self.user.pk, _read_id(self.request.GET.get("before", "")), ROWS + 1)
        older = found[ROWS - 1].id if len(found) > ROWS else None
        return super().get_context_data(**kwargs, told=[_told(one) for one in found[:ROWS]], older=older)


def _told(one: Happening) -> dict[str, Any]:
    with timezone.override(one.card.programme.zone if one.card else timezone.get_current_timezone()):
        when = moment_told(one.at)
    return {"words": one.words, "when": when, "card": one.card, "by": one.by}


def _read_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

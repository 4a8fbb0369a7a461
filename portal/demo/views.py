"""The demo's own page: what arrived on the phones and in the mailboxes of made-up people, and the cards to try."""

from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cards.models import Card, Programme
from messaging.gateways.file import read_entries
from pages.views import Page
from portal.demo.carrier import phone_address

MESSAGES_SHOWN = 100  # several cards' whole stories
CARDS_SHOWN = 12


class PhoneAndMailbox(Page):
    """Routed in the demo only: it shows codes to whoever opens it."""

    title = _("Demo: phone and mailbox")
    template_name = "demo/phone_and_mailbox.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        programmes = list(Programme.objects.order_by("code"))
        wanted = self.request.GET.get("programme", "")
        chosen = next((programme for programme in programmes if programme.code == wanted), None)
        cards = Card.objects.waiting().select_related("programme").order_by("id")
        return super().get_context_data(
            texts=arrived(phone_address(settings.SMS_URL)),
            emails=arrived(settings.EMAIL_URL),
            programmes=programmes,
            chosen=chosen,
            cards=(cards.filter(programme=chosen) if chosen else cards)[:CARDS_SHOWN],
            **kwargs,
        )


def arrived(url: str) -> list[dict[str, Any]] | None:
    """The newest messages in the folder of a `file:` gateway; None when messages go somewhere else."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        return None
    entries = read_entries(Path(unquote(parts.path)))[:MESSAGES_SHOWN]
    return [entry | {"at": datetime.fromisoformat(entry["at"])} for entry in entries]

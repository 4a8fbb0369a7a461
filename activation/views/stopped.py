"""Pages that say why the journey stops here, and what to do. Reached by redirect, so that Back and Reload work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from activation.refusals import (
    AlreadyActive,
    AttemptClosed,
    CodeExpired,
    CodeNoLongerGood,
    OlderCode,
    OpenedElsewhere,
    SecurityCodeLocked,
    TooManyChecks,
    TooManyMismatches,
    TooManySends,
    TooManyTries,
    TooYoung,
)
from activation.views.opening import opening
from cards.programmes import programme_by_code
from pages.programmes import speak_for
from pages.redirects import see_other
from pages.sendings import sendings_of, went_astray
from pages.views import Page

STOPPED = "stopped"
KINDS: Mapping[str, tuple[Any, str]] = {
    "locked": (_("Try again later"), "E07"),
    "no_new_code": (_("Try again later"), "E07"),
    "security_code_locked": (_("Try again later"), "E35"),
    "sends": (_("Try again later"), "E36"),
    "mismatches": (_("Try again later"), "E70"),
    "expired": (_("This activation code has expired"), "E06"),
    "older": (_("This is not the latest activation code"), "E08"),
    "active": (_("This card is already active"), ""),
    "elsewhere": (_("You have continued somewhere else"), "E67"),
    "closed": (_("Start again"), "E68"),
    "ended": (_("This activation is not open in this browser"), ""),
    "no_longer": (_("This activation code can no longer be used"), ""),
    "too_young": (_("You cannot activate this card online"), "E15"),
    "not_open": (_("You cannot activate this card now"), ""),
    "no_document": (_("You cannot activate this card online"), ""),
}
BY_REFUSAL: Mapping[type[Exception], str] = {
    TooManyTries: "locked",
    SecurityCodeLocked: "security_code_locked",
    TooManyChecks: "locked",
    TooManySends: "sends",
    TooManyMismatches: "mismatches",
    CodeExpired: "expired",
    OlderCode: "older",
    AlreadyActive: "active",
    OpenedElsewhere: "elsewhere",
    AttemptClosed: "closed",
    CodeNoLongerGood: "no_longer",
    TooYoung: "too_young",
}


def stop(request: HttpRequest, kind: str, **values: Any) -> HttpResponse:
    """Send the browser to the page of `kind`; its values wait in the sealed session, with whose page it is."""
    kept = {
        name: {"at": value.isoformat()} if isinstance(value, datetime) else value for name, value in values.items()
    }
    programme = getattr(request, "programme", None)
    request.session[STOPPED] = {"kind": kind, "values": kept, "programme": programme.code if programme else ""}
    return see_other("activation:stopped")


def stop_for(request: HttpRequest, refusal: Exception, **values: Any) -> HttpResponse:
    """The page of a refusal that stops the journey. Raises KeyError for one that belongs to a field."""
    return stop(request, BY_REFUSAL[type(refusal)], **vars(refusal), **values)


class StoppedPage(Page):
    template_name = "activation/stopped.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kept = request.session.get(STOPPED, {})
        if kept.get("kind") not in KINDS:
            return see_other("activation:enter-code")
        if programme := programme_by_code(kept.get("programme", "")):  # a card's, which the address need not name
            speak_for(self.request, programme)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = self.request.session[STOPPED]
        values = {
            name: datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value
            for name, value in kept["values"].items()
        }
        self.title, message_id = KINDS[kept["kind"]]
        if code_id := kept["values"].get("code_id"):
            sendings = sendings_of(UUID(code_id), kind="activation_code")
            values["sendings"] = sendings if went_astray(sendings) else []
        return super().get_context_data(
            kind=kept["kind"], message_id=message_id, **values, **opening(self.request.programme), **kwargs
        )

"""The pages shown instead of the one asked for (P22). None of them says what the machine thinks went wrong."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from pages.catalogue import say
from pages.display import chosen_language

PLAIN = Path(settings.BASE_DIR) / "templates"


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was sent cannot be read. Refused before anything is looked up, so that the language is not yet set."""
    with translation.override(chosen_language(request)):
        return _page(request, 400, "pages/unreadable.html", title=_("We could not read what was sent"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: not for this person."""
    return _page(request, 403, "pages/forbidden.html", title=_("You cannot open this page"))


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of the CSRF check: the page was open for too long, or cookies are refused."""
    return _page(
        request,
        403,
        "pages/stale_form.html",
        title=_("This page was open for too long"),
        again=request.get_full_path(),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page."""
    return _page(request, 404, "pages/not_found.html", title=_("Page not found"))


def too_many(request: HttpRequest, message_id: str = "E07", **values: Any) -> HttpResponse:
    """429: a catalogue sentence that names the moment from which the person may try again."""
    return _page(request, 429, "pages/too_many.html", title=_("Try again later"), sentence=say(message_id, **values))


def _page(request: HttpRequest, status: int, template: str, **context: Any) -> HttpResponse:
    response = render(request, template, context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database cannot be reached: one page in both languages, without the template engine,
    which may be what is broken."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return closed()
    return HttpResponse((PLAIN / "500.html").read_bytes(), status=500, headers={"Cache-Control": "no-store"})


def closed() -> HttpResponse:
    """503: come back later."""
    headers = {"Retry-After": "30", "Cache-Control": "no-store"}
    return HttpResponse((PLAIN / "503.html").read_bytes(), status=503, headers=headers)

"""Which programme a request is for."""

from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils import timezone

from cards.models import Programme
from cards.programmes import programme_by_code, programme_by_host
from pages.requests import PortalRequest

RESERVED = frozenset(
    [
        "account",
        "accessibility",
        "activate",
        "admin",
        "alerts",
        "cards",
        "code",
        "demo",
        "found",
        "help",
        "lost",
        "not-me",
        "pin",
        "privacy",
        "receipts",
        "static",
        "terms",
        "theme",
    ]
)
"""First parts of the portal's own addresses: they never name a programme."""

BARE = frozenset({"healthz", "readyz"})
"""Addresses that answer without a database."""


def speak_for(request: PortalRequest, programme: Programme) -> None:
    """Let the frame around this page, its hotline and its clock be those of a programme that the address need not
    name. `ProgrammeMiddleware` undoes it."""
    request.programme = programme
    timezone.activate(programme.zone)


def programme_of(request: HttpRequest) -> tuple[Programme | None, str]:
    """Give the programme of the host name, or of the first part of the path together with that part, or (None, "").

    The object is shared with other requests: read it only. Raises DisallowedHost (400) for a host name that is not
    ours.
    """
    host, _port = split_domain_port(request.get_host())
    part = request.path_info[1:].partition("/")[0]
    if part in BARE:
        return None, ""
    if own := programme_by_host(host):
        return own, ""
    named = programme_by_code(part) if part and part not in RESERVED else None
    return named, part if named else ""

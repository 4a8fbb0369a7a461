"""Which programme a request is for."""

from django.db.models import Q
from django.http import HttpRequest
from django.http.request import split_domain_port

from cards.models import Programme

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
        "help",
        "lost",
        "pin",
        "privacy",
        "static",
        "terms",
        "theme",
    ]
)
"""First parts of the portal's own addresses: they never name a programme."""

BARE = frozenset({"healthz", "readyz"})
"""Addresses that answer without a database."""


def programme_of(request: HttpRequest) -> tuple[Programme | None, str]:
    """Give the programme of the host name, or of the first part of the path together with that part, or (None, "").

    Raises DisallowedHost (400) for a host name that is not ours.
    """
    host, _port = split_domain_port(request.get_host())
    part = request.path_info[1:].partition("/")[0]
    if part in BARE:
        return None, ""
    named = Q(host_name=host) if part in RESERVED or not part else Q(host_name=host) | Q(code=part)
    found = {programme.host_name == host: programme for programme in Programme.objects.filter(named)}
    if True in found:
        return found[True], ""
    return (found[False], part) if False in found else (None, "")

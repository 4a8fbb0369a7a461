"""The request as the pages see it."""

from django.http import HttpRequest

from cards.models import Programme


class PortalRequest(HttpRequest):
    """A request that went through our middleware: it knows its programme (None where none was named)."""

    programme: Programme | None

"""Which programme a request is for."""

from typing import Any

from django.http import HttpRequest


def programme_of(request: HttpRequest) -> tuple[Any, str]:
    """Give the programme of the host name, or of the first part of the path together with that part, or (None, "")."""
    return None, ""

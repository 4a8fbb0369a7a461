"""Serves a programme's style sheet and logo, to be kept for ever: their address changes with their content."""

from django.http import Http404, HttpRequest, HttpResponse


def theme(request: HttpRequest, code: str, version: str) -> HttpResponse:
    raise Http404


def logo(request: HttpRequest, code: str, version: str) -> HttpResponse:
    raise Http404

"""Serves a programme's style sheet and logo. Their address changes with their content, so they are kept for ever."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from cards.models import Programme
from pages.theme import logo_address, style_sheet, theme_address

FOREVER = "public, max-age=31536000, immutable"
A_MINUTE = "public, max-age=60"
DRAWING_ONLY = "default-src 'none'; sandbox"
"""A logo opened by its own address may do nothing."""


@require_safe
def theme(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Give the programme's colours; of an older version, the current ones."""
    programme = get_object_or_404(Programme, code=code)
    response = HttpResponse(style_sheet(programme.brand_colour), content_type="text/css; charset=utf-8")
    return _kept(request, response, current=theme_address(programme).endswith(f"-{version}.css"))


@require_safe
def logo(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Give the programme's logo; of an older version, the current one."""
    programme = get_object_or_404(Programme.objects.exclude(logo_svg=""), code=code)
    response = HttpResponse(programme.logo_svg, content_type="image/svg+xml")
    response.headers["Content-Security-Policy"] = DRAWING_ONLY
    return _kept(request, response, current=logo_address(programme).endswith(f"-{version}.svg"))


def _kept(request: HttpRequest, response: HttpResponse, *, current: bool) -> HttpResponse:
    # The same for everybody, whoever looked into the session on the way: else `Vary: Cookie` has the browser ask again
    # as soon as it has been given a cookie.
    request.session.accessed = False
    response.headers["Cache-Control"] = FOREVER if current else A_MINUTE
    return response

"""How a person wants the pages shown: the language and large print, chosen in the header, kept in two cookies."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

YEAR = 365 * 24 * 3600
BIG = "big"
DEFAULT = "zh-hans"
"""Spoken to a browser that asks for none of our languages."""

TAGS = {"zh-hans": "zh-CN", "zh-hant": "zh-TW"}
"""HTML's names of languages, where they are not Django's own."""


def chosen_language(request: HttpRequest) -> str:
    """Give the language of a request: the one chosen earlier, else the best of those the browser asks for."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in dict(settings.LANGUAGES):
        return chosen
    for asked, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            return get_supported_language_variant(asked)
        except LookupError:
            continue
    return DEFAULT


def is_big(request: HttpRequest) -> bool:
    return request.COOKIES.get(BIG) == "1"


def asked_display(sent: Mapping[str, str], prefix: str = "") -> dict[str, str]:
    """Give the cookies to set for what was asked by `lang` and `big` (with a prefix in a posted form)."""
    asked = {}
    if sent.get(f"{prefix}lang") in dict(settings.LANGUAGES):
        asked[settings.LANGUAGE_COOKIE_NAME] = sent[f"{prefix}lang"]
    if sent.get(f"{prefix}big") in {"0", "1"}:
        asked[BIG] = sent[f"{prefix}big"]
    return asked


def remember_display(response: HttpResponseBase, asked: Mapping[str, str]) -> None:
    for name, value in asked.items():
        response.set_cookie(
            name, value, max_age=YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
        )

"""What is known about every request before its page runs: that it can be read, its programme and its language."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone, translation

from pages.display import asked_display, chosen_language, remember_display
from pages.posted import check_address
from pages.programmes import programme_of
from pages.redirects import SeeOther
from pages.requests import PortalRequest

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ReadableMiddleware:
    """Refuses addresses and cookies that no look-up can take. Stands before everything that looks something up."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        check_address(request)
        return self.get_response(request)


class ProgrammeMiddleware:
    """Sets `request.programme` (or None) by the host name, else by the first part of the path, and its time zone.

    A first part that names a programme becomes the script prefix, so that `reverse()` carries it on.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponseBase:
        programme, part = programme_of(request)
        request.programme = programme
        before = get_script_prefix()
        if part:
            request.path_info = request.path_info.removeprefix(f"/{part}")
            set_script_prefix(f"{before}{part}/")
        try:
            with timezone.override(ZoneInfo(programme.time_zone) if programme else None):
                return self.get_response(request)
        finally:
            set_script_prefix(before)


class DisplayMiddleware:
    """Speaks the chosen language; answers `?lang=` and `?big=` by remembering them and showing the page again."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = asked_display(request.GET) if request.method == "GET" else {}
        if asked:
            rest = request.GET.copy()
            rest.pop("lang", None)
            rest.pop("big", None)
            response: HttpResponseBase = SeeOther(f"{request.path}?{rest.urlencode()}".removesuffix("?"))
            remember_display(response, asked)
            return response
        language = chosen_language(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

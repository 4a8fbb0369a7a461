"""What every template may say: `page`, the frame around a page (names, hotline, theme, display)."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from cards.models import Programme
from cards.translated import in_language
from pages.display import TAGS, is_big
from pages.theme import logo_address, theme_address


@lru_cache(maxsize=256)
def _links(language: str, prefix: str, hotline: str, hours: str) -> SafeString:
    """Written once for all it depends on: the active `language` and script `prefix`, and the two values."""
    return render_to_string("components/footer_links.html", {"page": {"hotline": hotline, "hours": hours}})


class Frame:
    """The frame of one page. Everything is worked out only when a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.programme: Programme | None = getattr(request, "programme", None)

    @cached_property
    def service(self) -> str:
        """The name of the service, as in every title."""
        if self.programme is None:
            return _("Card activation")
        return _("%(card)s activation") % {"card": self.programme.name}

    @property
    def issuer(self) -> str:
        return self.programme.issuer_name if self.programme else ""

    @property
    def hotline(self) -> str:
        return self.programme.hotline if self.programme else ""

    @property
    def hours(self) -> str:
        return in_language(self.programme.hotline_hours) if self.programme else ""

    @property
    def links(self) -> SafeString:
        """The hotline and the links at the foot of every page."""
        return _links(get_language() or settings.LANGUAGE_CODE, get_script_prefix(), self.hotline, self.hours)

    @property
    def theme(self) -> str:
        return theme_address(self.programme) if self.programme else ""

    @property
    def logo(self) -> str:
        return (logo_address(self.programme) if self.programme else "") or static("logo.svg")

    @property
    def start(self) -> str:
        """The programme's start page, or the list of programmes."""
        return get_script_prefix()

    @property
    def tag(self) -> str:
        """The language of the page as HTML names it."""
        language = get_language() or settings.LANGUAGE_CODE
        return TAGS.get(language, language)

    @property
    def direction(self) -> str:
        return "rtl" if get_language_bidi() else "ltr"

    @property
    def big(self) -> bool:
        return is_big(self.request)

    @property
    def other_languages(self) -> list[tuple[str, str, str]]:
        """The languages to change to: code, HTML's tag, own name."""
        current = get_language()
        return [(code, TAGS.get(code, code), name) for code, name in settings.LANGUAGES if code != current]

    @property
    def query(self) -> str:
        """The parameters of the address, to be followed by another."""
        rest = self.request.GET.copy()
        rest.pop("e", None)
        return f"{rest.urlencode()}&" if rest else ""


def page(request: HttpRequest) -> dict[str, Any]:
    return {"page": Frame(request)}

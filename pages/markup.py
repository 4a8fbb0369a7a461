"""Numbers on pages: they read from left to right in every language, and a mask is spoken as words."""

from typing import Any

from django.utils.functional import lazy
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext


def digits(value: Any) -> SafeString:
    """Wrap a phone, code, ID or amount, so that it is neither reversed nor broken: {{ number|digits }}."""
    return format_html('<bdi class="nb" dir="ltr">{}</bdi>', value)


def _with_digits(words: Any, values: dict[str, Any]) -> SafeString:
    filled = {name: digits(value) for name, value in values.items()}
    return SafeString(escape(words) % filled)


_lazy_with_digits = lazy(_with_digits, SafeString)


def with_digits(words: Any, **values: Any) -> Any:
    """Fill a sentence's %(name)s with wrapped numbers, lazily: for labels and hints of forms."""
    return _lazy_with_digits(words, values)


def spoken_mask(mask: str) -> SafeString:
    """Show a mask of a phone, address, document or name, and say it to screen readers in words that fit a sentence."""
    start, _, end = mask.partition("*")
    start, end = start.strip(), end.strip("* ")
    if "@" in end:
        words = gettext("the address starting with %(start)s at %(end)s")
    elif any(char.isdigit() for char in mask):
        words = gettext("the number starting with %(start)s and ending in %(end)s")
    elif start and end:
        words = gettext("the name starting with %(start)s and ending in %(end)s")
    elif end:
        words = gettext("the name ending in %(end)s")
    else:
        words = gettext("the name starting with %(start)s")
    return format_html(
        '<bdi class="nb" dir="ltr" aria-hidden="true">{}</bdi><span class="vh">{}</span>',
        mask,
        words % {"start": start, "end": end.removeprefix("@")},
    )

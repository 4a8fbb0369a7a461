"""Numbers on pages: they read from left to right in every language, and a mask is spoken as words."""

import re
from typing import Any

from django.utils.functional import lazy
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

BESIDE = re.compile(
    r'(?P<before>[(（“「《]?)<bdi class="nb" (?P<rest>[^>]*>[^<]*</bdi>(?:<span class="vh">[^<]*</span>)?)'
    r"(?P<after>[.,;:!?)、。，；：！？）”」》]*)"
)
"""A wrapped number and the punctuation that touches it."""


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


def with_punctuation(html: str) -> SafeString:
    """Move the wrapping around a number out to the punctuation beside it. A line may break beside a box in any case,
    even before a comma; within a box it breaks only where the box is wider than the line."""
    return SafeString(BESIDE.sub(_wider, html))


def _wider(found: re.Match[str]) -> str:
    before, rest, after = found["before"], found["rest"], found["after"]
    return f'<span class="nb">{before}<bdi {rest}{after}</span>' if before or after else found[0]

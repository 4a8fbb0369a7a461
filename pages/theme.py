"""A programme's own look: one brand colour, the colours that follow from it, and its logo."""

import hashlib
from functools import lru_cache

from django.urls import reverse

from cards.models import Programme

WHITE, BLACK, PURE_BLACK = "#ffffff", "#111820", "#000000"
LIGHT, DARK = ("#ffffff", "#f2f5f8"), ("#12171c", "#1c242b")
"""Backgrounds of the pages, with the surface of the footer."""
READABLE = 4.5
"""Least contrast of text (WCAG 2.2, 1.4.3)."""


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours (#rrggbb) by WCAG 2.2: 1 to 21."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@lru_cache(maxsize=256)
def colours(brand: str) -> dict[str, str]:
    """Derive what follows from a brand colour (#rrggbb): `on_brand` for text on it, `link` and `link_dark`.

    White where it can be read, else our black where that can, else pure black: one of white and pure black always
    reaches 4.58:1, so every brand colour can be used.
    """
    on_brand = next((colour for colour in (WHITE, BLACK) if contrast(brand, colour) >= READABLE), PURE_BLACK)
    return {
        "brand": brand,
        "on_brand": on_brand,
        "link": _until_readable(brand, LIGHT, towards=0),
        "link_dark": _until_readable(brand, DARK, towards=255),
    }


def style_sheet(brand: str) -> str:
    """Give the programme's style sheet, about 200 bytes."""
    found = colours(brand)
    return (
        f":root{{--brand:{found['brand']};--on-brand:{found['on_brand']};--link:{found['link']}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{--link:{found['link_dark']}}}}}"
    )


def theme_address(programme: Programme) -> str:
    return reverse("pages:theme", args=[programme.code, _version(style_sheet(programme.brand_colour))])


def logo_address(programme: Programme) -> str:
    if not programme.logo_svg:
        return ""
    return reverse("pages:logo", args=[programme.code, _version(programme.logo_svg)])


def _version(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()[:8]


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    parts = [channel / 255 for channel in _channels(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _until_readable(colour: str, papers: tuple[str, ...], *, towards: int) -> str:
    """Darken (towards 0) or lighten (towards 255) a colour in steps of 5 % until it can be read on the papers."""
    for step in range(21):
        mixed = [round(channel + (towards - channel) * step / 20) for channel in _channels(colour)]
        found = "#{:02x}{:02x}{:02x}".format(*mixed)
        if all(contrast(found, paper) >= READABLE for paper in papers):
            return found
    return found

"""Numbers read from left to right, masks are spoken as words."""

import pytest
from django.utils.translation import gettext_lazy

from pages.markup import digits, spoken_mask, with_digits


def test_numbers_are_wrapped_and_escaped() -> None:
    assert digits("138 & 8") == '<bdi class="nb" dir="ltr">138 &amp; 8</bdi>'


def test_numbers_are_wrapped_inside_sentences() -> None:
    words = with_digits(gettext_lazy("Wait <here>, %(code)s"), code="12<")
    assert str(words) == 'Wait &lt;here&gt;, <bdi class="nb" dir="ltr">12&lt;</bdi>'


@pytest.mark.parametrize(
    ("mask", "spoken"),
    [
        ("138 **** 8000", "starting with 138, ending in 8000"),
        ("1********X", "starting with 1, ending in X"),
        ("*小明", "ending in 小明"),
        ("z***@qq.com", "starting with z, ending in @qq.com"),
        ("M***", "starting with M"),
    ],
)
def test_masks_are_spoken(mask: str, spoken: str) -> None:
    html = spoken_mask(mask)
    assert f'aria-hidden="true">{mask}</bdi>' in html
    assert f'<span class="vh">{spoken}</span>' in html

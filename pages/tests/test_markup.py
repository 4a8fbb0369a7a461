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
        ("138 **** 8000", "the number starting with 138 and ending in 8000"),
        ("+852 **** 4567", "the number starting with +852 and ending in 4567"),
        ("1********X", "the number starting with 1 and ending in X"),
        ("*小明", "the name ending in 小明"),
        ("z***@qq.com", "the address starting with z at qq.com"),
        ("M*** Smith", "the name starting with M and ending in Smith"),
        ("M***", "the name starting with M"),
    ],
)
def test_masks_are_spoken(mask: str, spoken: str) -> None:
    html = spoken_mask(mask)
    assert f'aria-hidden="true">{mask}</bdi>' in html
    assert f'<span class="vh">{spoken}</span>' in html

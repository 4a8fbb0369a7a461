"""Numbers read from left to right, masks are spoken as words."""

import pytest
from django.utils.translation import gettext_lazy

from pages.markup import digits, spoken_mask, with_digits, with_punctuation


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


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("like {}, or", 'like <span class="nb"><bdi dir="ltr">7391</bdi>,</span> or'),
        ("例如 {}；短信", '例如 <span class="nb"><bdi dir="ltr">7391</bdi>；</span>短信'),
        ("（{}）。", '<span class="nb">（<bdi dir="ltr">7391</bdi>）。</span>'),
        ("at {} today", 'at <bdi class="nb" dir="ltr">7391</bdi> today'),
    ],
)
def test_punctuation_stays_beside_its_number(written: str, kept: str) -> None:
    assert with_punctuation(written.format(digits("7391"))) == kept


def test_punctuation_stays_beside_a_mask_and_what_is_said_of_it() -> None:
    kept = with_punctuation(f"to {spoken_mask('138 **** 8000')}.")
    assert kept.startswith('to <span class="nb"><bdi dir="ltr" aria-hidden="true">138') and kept.endswith(
        "</span>.</span>"
    )

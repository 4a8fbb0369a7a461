"""Amounts as people read them."""

import pytest
from django.utils import translation

from pages.money import CURRENCIES, money, plain


@pytest.mark.parametrize(
    ("amount", "currency", "told", "number"),
    [
        (12650, "CNY", "¥ 126.50", "126.50"),
        (-12650, "CNY", "\u2212¥ 126.50", "-126.50"),
        (5, "CNY", "¥ 0.05", "0.05"),
        (0, "CNY", "¥ 0.00", "0.00"),
        (123456789, "HKD", "HK$ 1,234,567.89", "1234567.89"),
        (-1200, "JPY", "\u2212JPY 1,200", "-1200"),
        (1234, "KWD", "KWD 1.234", "1.234"),
        (10**15, "CNY", "¥ 10,000,000,000,000.00", "10000000000000.00"),
        (-1, "KRW", "\u2212₩ 1", "-1"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_amount_is_told_with_its_sign_and_its_decimals(
    language: str, amount: int, currency: str, told: str, number: str
) -> None:
    with translation.override(language):
        assert money(amount, currency) == told.replace(" ", "\N{NO-BREAK SPACE}")
        assert plain(amount, currency) == number


def test_codes_are_of_three_letters_and_none_has_two_numbers_of_decimals() -> None:
    assert all(len(code) == 3 and code.isupper() for code in CURRENCIES)
    assert len(CURRENCIES) > 150

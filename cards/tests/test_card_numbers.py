from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from cards.card_numbers import check_card_number, luhn_holds
from cards.mistakes import CardNumberNotUnderstood

BANK: dict[str, Any] = {"length": 16, "prefixes": ["622200"], "luhn": True}


@pytest.mark.parametrize("typed", ["6222001234567896", "6222 0012 3456 7896", "６２２２—００１２-3456·7896\u200b"])
def test_all_spellings_of_a_card_number_are_one_number(typed: str) -> None:
    assert check_card_number(typed, **BANK) == "6222001234567896"


@pytest.mark.parametrize(
    ("typed", "message", "params"),
    [
        ("", "E63", {}),
        (" ", "E63", {}),
        ("622200123456789", "E64", {"m": 16, "n": 15}),
        ("6222001234567898", "E64b", {}),
        ("6333001234567896", "E64b", {}),
        ("622200123456789X", "E64b", {}),
        ("٦٢٢٢٠٠١٢٣٤٥٦٧٨٩٦", "E64b", {}),
    ],
)
def test_a_number_the_programme_never_issued_is_refused(typed: str, message: str, params: dict[str, Any]) -> None:
    with pytest.raises(CardNumberNotUnderstood) as refused:
        check_card_number(typed, **BANK)
    assert (refused.value.message_id, refused.value.params) == (message, params)


def test_without_a_programme_any_number_of_digits_passes_up_to_the_longest() -> None:
    assert check_card_number("0012 3456") == "00123456"
    with pytest.raises(CardNumberNotUnderstood):
        check_card_number("1" * 33)
    with pytest.raises(CardNumberNotUnderstood):
        check_card_number("1" * 1_000_000)


def test_neighbours_swapped_are_told_by_the_luhn_digit() -> None:
    good = "6222001234567896"
    for at in range(6, 15):
        if good[at] != good[at + 1]:
            with pytest.raises(CardNumberNotUnderstood):
                check_card_number(good[:at] + good[at + 1] + good[at] + good[at + 2 :], **BANK)


@given(st.from_regex("[0-9]{1,32}", fullmatch=True))
def test_the_quick_luhn_agrees_with_the_library(number: str) -> None:
    assert luhn_holds(number) == luhn.is_valid(number)

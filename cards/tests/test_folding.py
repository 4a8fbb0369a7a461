import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.folding import fold, is_ascii_digits, name_key

DASHES = [chr(point) for point in range(0x110000) if unicodedata.category(chr(point)) == "Pd"]
INVISIBLE = ["\u200b", "\u200e", "\u202a", "\u2066", "\ufeff", "\u00ad", "\u061c"]
SPACES = [" ", "\t", "\n", "\u00a0", "\u2003", "\u3000", "\u2028"]
noise = st.text(st.sampled_from([*DASHES, *INVISIBLE, *SPACES, "·", ".", ","]), max_size=4)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("７Ｋ4m—9qx", "7K4M9QX"),
        ("７391—0264 8853\n", "739102648853"),
        ("7391·0264.8853,", "739102648853"),
        ("7391−0264ー8853", "739102648853"),
        ("", ""),
        ("a*b", "A*B"),
        ("7\x00", "7\x00"),
    ],
)
def test_every_way_to_type_a_code_is_one_code(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.lists(st.tuples(st.sampled_from("0123456789"), noise, st.booleans()), min_size=1, max_size=20), noise)
def test_noise_between_digits_is_never_held_against_a_person(typed: list[tuple[str, str, bool]], tail: str) -> None:
    text = "".join(gap + (chr(ord(digit) + 0xFEE0) if wide else digit) for digit, gap, wide in typed) + tail
    assert fold(text) == "".join(digit for digit, _, _ in typed)


@given(st.text())
def test_folding_twice_changes_no_digits(text: str) -> None:
    once = fold(text)
    assert [c for c in fold(once) if c in "0123456789"] == [c for c in once if c in "0123456789"]


def test_a_megabyte_of_combining_marks_is_folded_in_less_than_seconds() -> None:
    started = time.process_time()
    fold("7" + "\u0301\u0316" * 250_000)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("text", ["", "١٢٣", "１２３", "²", "12 3", "1a"])
def test_only_ascii_digits_are_digits(text: str) -> None:
    assert not is_ascii_digits(text)
    assert is_ascii_digits("0123")


@pytest.mark.parametrize("dot", "·•・‧．.∙")
def test_any_dot_names_the_same_person(dot: str) -> None:
    assert name_key(f"阿卜杜拉 {dot}买买提") == name_key("阿卜杜拉·买买提")


def test_compatibility_ideographs_and_case_compare_alike_but_other_names_do_not() -> None:
    assert name_key("\uf9d1") == name_key("六")
    assert name_key("JOHN  Smith") == name_key("John\u00a0Smith")
    assert name_key("𠮷田") != name_key("吉田")

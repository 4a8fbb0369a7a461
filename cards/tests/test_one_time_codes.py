"""How a code is derived and compared. Its life is in test_code_lifecycle."""

import hmac
from collections import Counter
from uuid import UUID

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from cards.code_rules import DEFAULTS, SHORT
from cards.one_time_codes import check_digit_ok, derive, group
from cards.tests.example_code import ExampleCode

ROW_A, ROW_B = "0198c0de00007000800000000000000a", "0198c0de00007000800000000000000b"
SEED = bytes(range(16))


@pytest.fixture
def key(settings: Settings) -> None:
    settings.CODE_KEYS = {"k": b"k" * 32}


@pytest.mark.parametrize(
    ("purpose", "row", "seed", "six", "twelve"),
    [
        ("activation", ROW_A, SEED, "191589", "605371915891"),
        ("sign_in", ROW_A, SEED, "190575", "338051905751"),
        ("activation", ROW_B, b"\xff" * 16, "584879", "797175848790"),
    ],
)
def test_the_digits_are_those_worked_out_by_hand(
    key: None, purpose: str, row: str, seed: bytes, six: str, twelve: str
) -> None:
    assert derive(purpose, row, seed, "k", 6) == six
    assert derive(purpose, row, seed, "k", 12) == twelve


def test_digits_are_spread_evenly_and_leading_zeros_are_kept(key: None) -> None:
    codes = [derive("activation", ROW_A, number.to_bytes(16, "big"), "k", 6) for number in range(100_000)]
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    for place in range(6):
        counts = Counter(code[place] for code in codes)
        chi_square = sum((counts[digit] - 10_000) ** 2 / 10_000 for digit in "0123456789")
        assert chi_square < 33.7  # 9 degrees of freedom, one in 10,000; the seeds are fixed, so it holds or not
    assert len(set(codes)) > 95_000  # 95,163 are expected to differ among 100,000 drawn from a million
    twelve = [derive("activation", ROW_A, number.to_bytes(16, "big"), "k", 12) for number in range(2_000)]
    assert all(len(code) == 12 for code in twelve)
    assert any(code.startswith("00") for code in twelve)
    assert len(set(twelve)) == 2_000


def test_a_code_of_another_purpose_row_or_key_is_another_code(settings: Settings) -> None:
    settings.CODE_KEYS = {"new": b"n" * 32, "k": b"k" * 32}
    drawn = {
        derive("activation", ROW_A, SEED, "k", 12),
        derive("sign_in", ROW_A, SEED, "k", 12),
        derive("activation", ROW_B, SEED, "k", 12),
        derive("activation", ROW_A, SEED[::-1], "k", 12),
        derive("activation", ROW_A, SEED, "new", 12),
    }
    assert len(drawn) == 5


def test_a_code_outlives_the_change_of_keys_and_dies_with_its_own(settings: Settings) -> None:
    settings.CODE_KEYS = {"old": b"o" * 32}
    code = ExampleCode.draw(rule=SHORT, channel="sms", at=timezone.now())
    digits = code.derive()
    settings.CODE_KEYS = {"new": b"n" * 32, "old": b"o" * 32}
    assert code.derive() == digits
    assert code.matches(digits)
    assert ExampleCode.draw(rule=SHORT, channel="sms", at=timezone.now()).key_id == "new"
    settings.CODE_KEYS = {"new": b"n" * 32}
    assert not code.matches(digits)
    assert not code.matches("")


def test_nothing_that_is_stored_is_the_code() -> None:
    code = ExampleCode.draw(rule=DEFAULTS["email"], channel="email", at=timezone.now())
    digits = code.derive()
    stored = " ".join(str(getattr(code, field.attname)) for field in ExampleCode._meta.concrete_fields)
    assert digits not in stored
    assert digits not in repr(code) + str(code)
    assert str(int(digits[:11])) not in str(int.from_bytes(code.seed, "big"))


def test_only_the_right_digits_match() -> None:
    code = ExampleCode.draw(rule=SHORT, channel="sms", at=timezone.now())
    right = code.derive()
    assert code.matches(right)
    wrong = [
        right[:-1],
        right + "0",
        "",
        " " + right,
        f"{(int(right) + 1) % 10**6:06d}",
        "１２３４５６",
        right[::-1] + "x",
    ]
    assert not any(code.matches(typed) for typed in wrong)


def test_a_dummy_is_derived_as_a_real_code_is_and_is_known_as_one() -> None:
    real = ExampleCode.draw(rule=SHORT, channel="sms", at=timezone.now())
    dummy = ExampleCode.dummy()
    assert dummy.is_dummy
    assert not real.is_dummy
    assert (dummy.key_id, dummy.digits, len(dummy.seed)) == (real.key_id, real.digits, len(real.seed))
    # It can be hit by chance, as any code can; that is why the caller asks is_dummy after comparing.
    assert dummy.matches(dummy.derive())
    assert len({ExampleCode.dummy(12).derive() for _again in range(20)}) == 20


@given(st.integers(0, 10**11 - 1), st.data())
def test_one_mistyped_digit_or_two_swapped_are_told_by_the_check_digit(number: int, data: st.DataObject) -> None:
    right = derive("activation", UUID(int=number).hex, b"", "dev", 12)
    assert check_digit_ok(right)
    place = data.draw(st.integers(0, 11))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != right[place]]))
    assert not check_digit_ok(right[:place] + other + right[place + 1 :])
    at = data.draw(st.integers(0, 10))
    swapped = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
    assert not check_digit_ok(swapped) or swapped == right


@pytest.mark.parametrize("typed", ["", "572", "57241", "１２３４５６７８９０１２", "abcdefghijkl", "1" * 1000])
def test_what_is_no_twelve_digits_has_no_check_digit(typed: str) -> None:
    assert not check_digit_ok(typed)


def test_codes_are_read_in_groups() -> None:
    assert group("739102648853") == "7391 0264 8853"
    assert group("048392") == "048 392"


def test_the_twin_that_truncates_as_rfc_4226_cannot_fill_eleven_digits(key: None) -> None:
    largest = 0
    for number in range(2_000):
        mac = hmac.digest(b"k" * 32, number.to_bytes(16, "big"), "sha256")
        offset = mac[-1] & 15
        largest = max(largest, int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF)
    assert largest < 2**31 < 10**11
    ours = max(derive("activation", ROW_A, number.to_bytes(16, "big"), "k", 12) for number in range(2_000))
    assert int(ours[:11]) > 2**31

"""Every PIN of six digits, once: so the share that is refused is counted, not guessed."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from cards.pin_policy import PinMalformed, PinTooEasy, refuse

BORN = date(1986, 3, 17)
NUMBERS = ["11010519860317002X", "+8613800138000", "6222020200112233445"]


def _reason(pin: str, **holder: Any) -> str:
    try:
        refuse(pin, length=len(pin), **holder)
    except PinTooEasy as refusal:
        return refusal.message_id
    return ""


def test_of_a_million_pins_between_three_and_ten_percent_are_refused() -> None:
    counted = Counter(_reason(f"{number:06d}", birth_date=BORN, forbidden=NUMBERS) for number in range(10**6))
    own = counted["E42d"] + counted["E42e"]
    assert set(counted) == {"", "E42a", "E42b", "E42c", "E42d", "E42e"}
    assert own <= 100  # what is one's own is little, so it cannot be what is counted
    assert 30_000 <= 10**6 - counted[""] - own <= 10**6 - counted[""] <= 100_000


@pytest.mark.parametrize(
    ("reason", "pins"),
    [
        ("E42a", ["000000", "888888", "121212", "123123", "112233", "100001", "111122", "099990", "483384", "700777"]),
        ("E42a", ["123456", "654321", "890123", "135791", "864208", "012344", "981234", "123987", "456123"]),
        ("E42b", ["147258", "159357", "258085", "085214", "125478", "369852"]),
        ("E42c", ["870509", "090587", "000229", "290200", "311299", "520131"]),
        ("", ["483920", "593027", "300287", "290231", "310499", "871309", "145263"]),
    ],
)
def test_each_kind_has_its_reason(reason: str, pins: list[str]) -> None:
    assert {pin: _reason(pin) for pin in pins} == dict.fromkeys(pins, reason)


@pytest.mark.parametrize(
    "pin", ["860317", "170386", "031786", "038617", "178603", "861703", "198603", "171986", "86317", "1986317", "0317"]
)
def test_the_own_birth_date_is_refused_in_any_order(pin: str) -> None:
    assert _reason(pin, birth_date=BORN) == "E42d"
    assert _reason(pin, birth_date=date(1953, 11, 28)) != "E42d"


@pytest.mark.parametrize("pin", ["19860317", "17031986", "8603179", "4198603"])
def test_a_longer_pin_may_not_hold_the_own_birth_date(pin: str) -> None:
    assert _reason(pin, birth_date=BORN) == "E42d"
    assert _reason(pin) == ""


@pytest.mark.parametrize(
    "pin", ["138001", "380013", "110105", "317002", "202001", "233445", "8001", "2334", "91380013"]
)
def test_digits_of_an_own_number_are_refused_wherever_they_stand(pin: str) -> None:
    assert _reason(pin, forbidden=NUMBERS) == "E42e"
    assert _reason(pin) != "E42e"


def test_digits_that_only_look_alike_are_not_refused() -> None:
    assert _reason("483920", birth_date=BORN, forbidden=NUMBERS) == ""
    assert _reason("483920", forbidden=["4839-2", "", "X"]) == ""
    assert _reason("483920", forbidden=["No. 48 39 20"]) == "E42e"


@pytest.mark.parametrize("length", [4, 5, 8, 12])
def test_other_lengths_have_the_same_rules(length: int) -> None:
    assert _reason("7" * length) == "E42a"
    assert _reason("1234567890123"[:length]) == "E42a"
    assert _reason("74" * (length // 2) + "7" * (length % 2)) == "E42a"
    assert _reason("483920175263"[:length]) == ""


@pytest.mark.parametrize(
    ("pin", "message"),
    [("", "E40"), ("48392", "E41"), ("4839201", "E41"), ("４８３９２０", "E41"), ("48392x", "E41"), ("٤٨٣٩٢٠", "E41")],
)
def test_what_is_no_pin_is_told_apart_from_a_bad_one(pin: str, message: str) -> None:
    with pytest.raises(PinMalformed) as refused:
        refuse(pin, length=6)
    assert (refused.value.message_id, refused.value.params) == (message, {"m": 6})


def test_a_refusal_does_not_carry_the_pin() -> None:
    with pytest.raises(PinTooEasy) as refused:
        refuse("860317", length=6, birth_date=BORN)
    assert "860317" not in repr(refused.value) + str(refused.value)

import pytest

from cards.mistakes import PhoneNotUnderstood
from cards.phones import normalise_phone


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        "+8613800138000",
        "008613800138000",
        "8613800138000",
        "+86 138-0013-8000",
        "（+86）１３８　００１３　８０００",
        "138.0013.8000",
        "\u202a138 0013 8000\u202c",
        "+86 (138) 0013/8000",
    ],
)
def test_all_spellings_of_a_mainland_number_are_one_number(typed: str) -> None:
    assert normalise_phone(typed) == "+8613800138000"


@pytest.mark.parametrize("prefix", ["130", "141", "162", "174", "192", "199"])
def test_ranges_newer_than_any_table_are_taken(prefix: str) -> None:
    assert normalise_phone(f"{prefix}00138000") == f"+86{prefix}00138000"


@pytest.mark.parametrize(
    ("typed", "region", "e164"),
    [
        ("+852 5123 4567", "CN", "+85251234567"),
        ("00852 5123 4567", "CN", "+85251234567"),
        ("5123 4567", "HK", "+85251234567"),
        ("+86 13800138000", "HK", "+8613800138000"),
        ("+1 212 555 0100", "CN", "+12125550100"),
        ("0912 345 678", "TW", "+886912345678"),
    ],
)
def test_numbers_from_abroad_are_understood(typed: str, region: str, e164: str) -> None:
    assert normalise_phone(typed, region) == e164


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "E20"),
        (" - ", "E20"),
        ("1380013800", "E21"),
        ("138001380001", "E21"),
        ("12345678901", "E21"),
        ("+86 10 8888 8888", "E21"),
        ("0086 138", "E21"),
        ("١٣٨٠٠١٣٨٠٠٠", "E21"),
        ("call me", "E21"),
        ("138\x0000138000", "E21"),
        ("1" * 1_000_000, "E21"),
        ("+852", "E22"),
        ("+999 1234 5678", "E22"),
        ("+852 5123 45678901", "E22"),
        ("+", "E22"),
        ("+" + "1" * 1_000_000, "E22"),
        ("+852 CALL ME", "E22"),
    ],
)
def test_what_is_no_number_is_refused_with_its_reason(typed: str, message: str) -> None:
    with pytest.raises(PhoneNotUnderstood) as refused:
        normalise_phone(typed)
    assert refused.value.message_id == message

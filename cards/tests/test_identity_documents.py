from datetime import date
from typing import Any

import pytest
from stdnum.cn import ric

from cards.identity_documents import DocumentType, age, birth_date, check_document_number
from cards.mistakes import DocumentNumberNotUnderstood

TODAY = date(2026, 11, 24)


def numbered(first_17: str) -> str:
    return first_17 + ric.calc_check_digit(first_17 + "0")


@pytest.mark.parametrize(
    "typed",
    ["110105 19491231 002*", "11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", "110105-19491231-002×"],
)
def test_all_spellings_of_a_resident_id_are_one_number(typed: str) -> None:
    assert check_document_number("resident_id", typed) == "11010519491231002X"


@pytest.mark.parametrize(
    ("document", "number"),
    [
        ("resident_id", numbered("11010520000229001")),
        ("resident_id", numbered("99999919900101001")),  # an address that no table knows
        ("residence_permit", numbered("81000019900101001")),
        ("residence_permit", numbered("83000019900101001")),
        ("permanent_resident", numbered("91102719900101001")),
        ("permanent_resident", "CAN110190010100"),
    ],
)
def test_numbers_of_real_people_that_tables_reject_are_taken(document: str, number: str) -> None:
    assert check_document_number(document, number, today=TODAY) == number


@pytest.mark.parametrize(
    ("typed", "message", "params"),
    [
        ("", "E12", {}),
        ("　", "E12", {}),
        ("1101051949123100", "E13", {"n": 16}),
        ("110105194912310021", "E14", {}),
        (numbered("11010519900230001"), "E14", {}),
        (numbered("11010520261125001"), "E14", {}),
        (numbered("11010520990101001"), "E14", {}),
        (numbered("11010518991231001"), "E14", {}),
        ("A1010519491231002X", "E14", {}),
        ("CAN110190010100", "E13", {"n": 15}),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "E14", {}),
    ],
)
def test_a_resident_id_with_a_mistake_is_refused_with_its_reason(
    typed: str, message: str, params: dict[str, Any]
) -> None:
    with pytest.raises(DocumentNumberNotUnderstood) as refused:
        check_document_number("resident_id", typed, today=TODAY)
    assert (refused.value.message_id, refused.value.params) == (message, params)


def test_every_mistyped_digit_and_every_swap_is_told() -> None:
    good = "11010519491231002X"
    wrong = {good[:at] + digit + good[at + 1 :] for at in range(17) for digit in "0123456789"} - {good}
    wrong |= {good[:at] + good[at + 1] + good[at] + good[at + 2 :] for at in range(17)} - {good}
    for number in wrong:
        with pytest.raises(DocumentNumberNotUnderstood):
            check_document_number("resident_id", number)


def test_a_birth_date_of_today_is_possible_and_of_tomorrow_is_not() -> None:
    number = numbered("11010520261124001")
    assert check_document_number("resident_id", number, today=TODAY) == number
    with pytest.raises(DocumentNumberNotUnderstood):
        check_document_number("resident_id", number, today=date(2026, 11, 23))


@pytest.mark.parametrize("document", ["hk_macao_permit", "taiwan_permit", "passport", "student_number"])
def test_other_documents_are_5_to_20_letters_and_digits(document: str) -> None:
    assert check_document_number(document, " h0-123 4567 ") == "H01234567"
    for typed, message in [("", "E16"), ("1234", "E17"), ("A" * 21, "E17"), ("张三12345", "E17"), ("1234١٢", "E17")]:
        with pytest.raises(DocumentNumberNotUnderstood) as refused:
            check_document_number(document, typed)
        assert refused.value.message_id == message
        assert refused.value.params == {"doc": DocumentType(document).label}


def test_a_birth_date_is_read_only_where_the_number_has_one() -> None:
    assert birth_date("resident_id", "11010519491231002X") == date(1949, 12, 31)
    assert birth_date("resident_id", "11010519490231002X") is None
    assert birth_date("permanent_resident", "CAN110190010100") is None
    assert birth_date("passport", "11010519491231002X") is None


def test_full_years_are_counted_to_the_birthday() -> None:
    assert age(date(2010, 11, 24), date(2026, 11, 24)) == 16
    assert age(date(2010, 11, 25), date(2026, 11, 24)) == 15
    assert age(date(2008, 2, 29), date(2026, 2, 28)) == 17

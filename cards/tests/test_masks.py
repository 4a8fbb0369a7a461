import pytest
from django.utils.translation import override

from cards.masks import mask_card, mask_email, mask_id, mask_name, mask_phone


@pytest.mark.parametrize(
    ("number", "mask"),
    [
        ("+8613800138000", "138 **** 8000"),
        ("+85251234567", "+852 **** 4567"),
        ("+12125550100", "+1 **** 0100"),
        ("", ""),
    ],
)
def test_a_phone_shows_its_start_and_last_four(number: str, mask: str) -> None:
    assert mask_phone(number) == mask


@pytest.mark.parametrize(
    ("name", "mask"),
    [
        ("张小明", "*小明"),
        ("欧阳小明", "*小明"),
        ("张明", "*明"),
        ("张", "*"),
        ("张 小明", "*小明"),
        ("阿卜杜拉·买买提", "*买提"),
        ("𠮷田𬎆", "*田𬎆"),
        ("Mary Jane Smith", "M*** Smith"),
        ("Madonna", "M***"),
        ("", ""),
    ],
)
def test_a_name_shows_its_end(name: str, mask: str) -> None:
    assert mask_name(name) == mask


def test_addresses_and_documents_hide_their_length() -> None:
    assert mask_email("zhangsan@qq.com") == "z***@qq.com"
    assert mask_email("z@qq.com") == "z***@qq.com"
    assert mask_email("") == mask_id("") == mask_card("") == ""
    assert mask_id("11010519491231002X") == "1********X"
    assert mask_id("A1234567") == "A********7"


def test_a_card_is_told_by_its_tail() -> None:
    with override("en"):
        assert mask_card("6222001234562604") == "ending in 2604"
        assert mask_card("2604") == "ending in 2604"

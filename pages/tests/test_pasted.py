"""Codes are found in pasted messages, and never guessed."""

import pytest

from pages.pasted import code_in


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("048392", "048392"),
        ("【示例大学】验证码 048392，用于激活卡片，10 分钟内有效。请不要告诉任何人。", "048392"),
        ("048392 is your Campus card security code. It works for 10 minutes.\n\n@card.example.org #048392", "048392"),
        ("Order 123456: your code is 048-392", "048392"),
        ("尾号 123456 的卡片，验证码：０４８３９２", "048392"),
        ("Your activation code: 7391 0264 8852 (valid until 20:45)", "739102648852"),
        ("Card 6200000000000007: the code is 739102648852", "739102648852"),
    ],
)
def test_the_code_of_a_message_is_found(text: str, code: str) -> None:
    assert code_in(text, (12, 6)) == code


@pytest.mark.parametrize("text", ["Your numbers are 123456 and 654321", "Call 4000000000", "no code at all"])
def test_what_could_be_several_codes_or_none_is_not_guessed(text: str) -> None:
    assert not code_in(text, (12, 6)).isdigit()

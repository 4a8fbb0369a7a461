"""Each kind of field: its attributes, its one spelling, its mistakes by id."""

from typing import Any

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from cards.models import Programme
from pages import fields
from pages.catalogue import Refusal
from pages.forms import PageForm
from pages.pin_form import PinForm
from pages.tests.dom import dom

RID = "11010519491231002X"


def refused(field: forms.Field, value: Any) -> tuple[str, dict[str, Any]]:
    with pytest.raises(Refusal) as caught:
        field.clean(value)
    return caught.value.message_id, caught.value.values


@pytest.mark.parametrize(
    ("field", "typed", "read"),
    [
        (fields.CodeField(), "048392", "048392"),
        (fields.CodeField(), "７3９1—0264\u3000 8852\n", "739102648852"),
        (fields.CodeField(), "您的激活码：7391 0264 8852，请在 24 小时内使用", "739102648852"),
        (fields.CodeField(), "0483\x0092", "048392"),
        (fields.CardNumberField(), "6200 0000-0000 0007", "6200000000000007"),
        (fields.OtpField(), "【示例大学】验证码 048392，用于激活卡片，10 分钟内有效。", "048392"),
        (fields.OtpField(), "048 392", "048392"),
        (fields.NameField(), "  阿卜杜拉•买买提 ", "阿卜杜拉•买买提"),
        (fields.NameField(), "𠮷野", "𠮷野"),
        (fields.DocumentNumberField(), "110105 19491231 002*", RID),
        (fields.DocumentNumberField(), "１１０１０５１９４９１２３１００２ｘ", RID),
        (fields.DocumentNumberField(document="passport"), "e 1234-5678", "E12345678"),
        (fields.PhoneField(), "0086 138-0013-8000", "+8613800138000"),
        (fields.PhoneField(), "+852 5123 4567", "+85251234567"),
        (fields.EmailField(), " Name@Example.COM ", "name@example.com"),
        (fields.ContactField(), "ｎａｍｅ＠example.com", "name@example.com"),
        (fields.ContactField(), "138 0013 8000", "+8613800138000"),
        (fields.TailField(), "２６０４", "2604"),
        (fields.TailField(), "尾号 2604", "2604"),
        (fields.TailField(), "6200 0000 0000 2604", "2604"),
        (fields.PinField(), "９１８２７３", "918273"),
        (fields.EmailField(required=False), "  ", ""),
    ],
)
def test_every_spelling_is_read(field: forms.Field, typed: str, read: str) -> None:
    assert field.clean(typed) == read


@pytest.mark.parametrize(
    ("field", "typed", "message_id", "values"),
    [
        (fields.CodeField(), " ", "E01", {}),
        (fields.CodeField(), "7391O264", "E02", {"c": "O"}),
        (fields.CodeField(), "٧٣٩١٠٢", "E02", {"c": "٧"}),
        (fields.CodeField(), "7391-026", "E03", {"n": 7}),
        (fields.CodeField(), "7391 0264 8853", "E04", {}),
        (fields.CardNumberField(), None, "E63", {}),
        (fields.CardNumberField(), "62O0", "E64b", {}),
        (fields.NameField(), "", "E10", {}),
        (fields.NameField(), "王" * 101, "E11", {}),
        (fields.DocumentNumberField(), "", "E12", {}),
        (fields.DocumentNumberField(), "1101", "E13", {"n": 4}),
        (fields.DocumentNumberField(), "110105194912310021", "E14", {}),
        (fields.DocumentNumberField(document="passport"), "", "E16", {"doc": "passport"}),
        (fields.DocumentNumberField(document="passport"), "E1", "E17", {"doc": "passport"}),
        (fields.PhoneField(), "", "E20", {}),
        (fields.PhoneField(), "12345", "E21", {}),
        (fields.PhoneField(), "+852 1", "E22", {}),
        (fields.EmailField(), "name@", "E23", {}),
        (fields.EmailField(), "", "E24", {}),
        (fields.ContactField(), "", "E65", {}),
        (fields.ContactField(), "name@", "E23", {}),
        (fields.ContactField(), "12345", "E21", {}),
        (fields.OtpField(), "", "E30", {}),
        (fields.OtpField(), "04839O", "E31", {}),
        (fields.OtpField(), "0483", "E32", {"n": 4}),
        (fields.OtpField(), "048392 或者 111111", "E31", {}),
        (fields.PinField(), "", "E40", {"m": 6}),
        (fields.PinField(), "12345", "E41", {"m": 6}),
        (fields.PinField(again=True), "", "E44", {}),
        (fields.TailField(), "", "E60", {}),
        (fields.TailField(), "604", "E62", {"n": 3}),
        (fields.TailField(), "尾号 26041", "E62", {"n": 5}),
        (fields.TailField(), "abcd", "E62", {"n": 0}),
        (fields.RadioField(choices=[("a", "A")], empty="E25"), "", "E25", {}),
        (fields.RadioField(choices=[("a", "A")], empty="E18"), "b", "E18", {}),
        (fields.ConsentField(), "", "E50", {}),
    ],
)
def test_each_mistake_has_its_message(field: forms.Field, typed: Any, message_id: str, values: dict[str, Any]) -> None:
    assert refused(field, typed) == (message_id, values)


def test_fields_follow_the_programme() -> None:
    class CardForm(PageForm):
        card_number = fields.CardNumberField()

    programme = Programme(number_length=19, number_prefixes=["62"], number_luhn=True, pin_length=4)
    assert refused(CardForm(programme=programme).fields["card_number"], "6200") == ("E64", {"m": 19, "n": 4})
    pins = PinForm({"pin": "918273", "pin2": "918273"}, programme=programme)
    assert pins.errors["pin"] == ["PIN must be 4 digits"]
    assert pins["pin"].label == "Choose a 4-digit PIN"


@pytest.mark.parametrize(("choices", "chosen"), [([("a", "A")], ["a"]), ([("a", "A"), ("b", "B")], [])])
def test_the_only_choice_is_chosen_beforehand_and_of_several_none(
    choices: list[tuple[str, str]], chosen: list[str]
) -> None:
    class ViaForm(PageForm):
        via = fields.RadioField(choices=choices, empty="E25")

    radios = dom(str(ViaForm()["via"])).all("input")
    assert [radio.attrs["value"] for radio in radios if "checked" in radio.attrs] == chosen


def test_pins_must_be_alike() -> None:
    assert PinForm({"pin": "918273", "pin2": "９１８２７３"}).is_valid()
    assert PinForm({"pin": "918273", "pin2": "918274"}).errors == {
        "pin2": ["The two PINs do not match. Enter them again"]
    }


@pytest.mark.parametrize(
    ("field", "attributes"),
    [
        (
            fields.CodeField(),
            'type="text" inputmode="numeric" autocomplete="off" autocorrect="off" spellcheck="false" '
            'enterkeyhint="next" dir="ltr" class="code w20"',
        ),
        (fields.NameField(), 'type="text" autocomplete="name" spellcheck="false" autocapitalize="off"'),
        (
            fields.DocumentNumberField(),
            'type="text" inputmode="tel" autocomplete="off" spellcheck="false" dir="ltr" class="num w20"',
        ),
        (
            fields.DocumentNumberField(document="passport"),
            'type="text" inputmode="text" autocapitalize="characters" '
            'autocomplete="off" spellcheck="false" dir="ltr" class="num w20"',
        ),
        (
            fields.PhoneField(),
            'type="tel" inputmode="tel" autocomplete="tel" spellcheck="false" dir="ltr" class="w20"',
        ),
        (fields.EmailField(), 'type="email" autocomplete="email" spellcheck="false" autocapitalize="off" dir="ltr"'),
        (
            fields.ContactField(),
            'type="text" inputmode="email" autocomplete="username" autocapitalize="off" spellcheck="false" dir="ltr"',
        ),
        (
            fields.OtpField(),
            'type="text" inputmode="numeric" autocomplete="one-time-code" autocorrect="off" '
            'spellcheck="false" enterkeyhint="done" dir="ltr" class="code w8"',
        ),
        (
            fields.PinField(),
            'type="password" inputmode="numeric" autocomplete="off" spellcheck="false" dir="ltr" '
            'class="code w8" data-1p-ignore data-lpignore="true"',
        ),
        (
            fields.TailField(),
            'type="text" inputmode="numeric" autocomplete="off" spellcheck="false" dir="ltr" class="code w8"',
        ),
    ],
)
def test_inputs_have_the_attributes_of_their_kind(field: forms.Field, attributes: str) -> None:
    class OneForm(PageForm):
        x = field

    wanted, found = dom(f"<input {attributes}>").one("input").attrs, dom(str(OneForm()["x"])).one("input").attrs
    assert found == {**wanted, "id": "id_x", "name": "x"}


TYPED = st.text(max_size=60)


@given(TYPED)
def test_nothing_that_is_typed_breaks_a_field(typed: str) -> None:
    for field in (
        fields.CodeField(),
        fields.CardNumberField(),
        fields.OtpField(),
        fields.PinField(),
        fields.NameField(),
        fields.DocumentNumberField(),
        fields.PhoneField(),
        fields.EmailField(),
        fields.ContactField(),
        fields.TailField(),
        fields.DocumentNumberField(document="passport"),
    ):
        try:
            field.clean(typed)
        except Refusal as refusal:
            str(refusal.messages)


NOISE = st.text(alphabet=" \u3000\t\n-—–‑·.\u200b\u200e\u2066", max_size=3)


@given(st.lists(st.tuples(st.sampled_from("0123456789"), st.booleans(), NOISE), min_size=6, max_size=6))
def test_width_and_noise_do_not_matter_in_a_code(parts: list[tuple[str, bool, str]]) -> None:
    typed = "".join((chr(ord(digit) + 0xFEE0) if wide else digit) + noise for digit, wide, noise in parts)
    code = "".join(digit for digit, _, _ in parts)
    assert fields.OtpField().clean(typed) == code
    assert fields.CodeField().clean(typed) == code

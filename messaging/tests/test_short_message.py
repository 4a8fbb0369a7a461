"""A text as the parts that go over the line."""

import pytest
from smpplib import gsm

from messaging.gateways.short_message import short_message


def joined(parts: list[bytes]) -> bytes:
    return b"".join(part[6:] for part in parts)


@pytest.mark.parametrize(
    ("text", "coding", "lengths"),
    [
        ("a" * 160, 0, [160]),
        ("a" * 161, 0, [6 + 153, 6 + 8]),
        ("卡" * 70, 8, [140]),
        ("卡" * 71, 8, [6 + 134, 6 + 8]),
        ("[" + "a" * 69, 8, [140]),
        ("", 0, [0]),
    ],
)
def test_a_text_is_cut_where_the_line_needs_it(text: str, coding: int, lengths: list[int]) -> None:
    message = short_message(text, "key")
    assert message.data_coding == coding and [len(part) for part in message.parts] == lengths
    assert message.has_header == (len(lengths) > 1)


def test_letters_of_the_default_alphabet_have_its_numbers() -> None:
    assert short_message("@£_§à\n é", "key").parts == [bytes([0, 1, 0x11, 0x5F, 0x7F, 0x0A, 0x20, 5])]
    assert short_message("`", "key").data_coding == 8, "which the alphabet does not have"


def test_the_same_key_gives_the_same_reference_and_another_mostly_another() -> None:
    references = {short_message("a" * 200, f"key-{n}").parts[0][3] for n in range(50)}
    assert len(references) > 30
    assert short_message("a" * 200, "key-1").parts == short_message("a" * 200, "key-1").parts


LETTER_OF_FOUR_BYTES = "卡" * 66 + "😀" + "卡" * 20


def test_a_letter_of_four_bytes_is_never_cut() -> None:
    parts = short_message(LETTER_OF_FOUR_BYTES, "key").parts
    assert [part[6:].decode("utf-16-be") for part in parts] == ["卡" * 66, "😀" + "卡" * 20]


def test_the_library_s_own_cut_would_break_that_letter_and_misspell_another() -> None:
    parts, _coding, _esm_class = gsm.make_parts(LETTER_OF_FOUR_BYTES, 8)
    assert joined(parts).decode("utf-16-be") == LETTER_OF_FOUR_BYTES
    with pytest.raises(UnicodeDecodeError):
        parts[0][6:].decode("utf-16-be")
    spelt, coding, _esm_class = gsm.make_parts("`")
    assert coding == 0 and spelt == [b"\x5f"], "which is a section sign"

"""A text as SMS parts (3GPP TS 23.038 and 23.040): seven-bit letters where they do, else UCS-2, cut where too long."""

import hashlib
from dataclasses import dataclass

GSM_7 = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet by its numbers (23.038, 6.2.1). Texts with letters of its extension are sent as UCS-2."""
ESCAPE = "\x1b"
DEFAULT_ALPHABET, UCS_2 = 0x00, 0x08  # data_coding (SMPP 3.4, 5.2.19)


@dataclass(frozen=True, slots=True)
class ShortMessage:
    """`parts` are what goes over the line one by one; several begin with a header (UDH) that ties them together."""

    data_coding: int
    parts: list[bytes]

    @property
    def has_header(self) -> bool:
        return len(self.parts) > 1


def short_message(text: str, key: str) -> ShortMessage:
    """The parts of a text. The same `key` gives the same reference, so that a phone knows a second arrival."""
    seven_bit = ESCAPE not in text and set(text) <= set(GSM_7)
    letters = [bytes([GSM_7.index(letter)]) if seven_bit else letter.encode("utf-16-be") for letter in text]
    whole, each = (160, 153) if seven_bit else (140, 134)
    data_coding = DEFAULT_ALPHABET if seven_bit else UCS_2
    if sum(map(len, letters)) <= whole:
        return ShortMessage(data_coding, [b"".join(letters)])
    chunks = [b""]
    for letter in letters:  # letter by letter, so that no letter of four bytes is cut in two
        if len(chunks[-1]) + len(letter) > each:
            chunks.append(b"")
        chunks[-1] += letter
    reference = hashlib.sha256(key.encode()).digest()[0]
    headers = (bytes([5, 0, 3, reference, len(chunks), number]) for number in range(1, len(chunks) + 1))
    return ShortMessage(data_coding, [header + chunk for header, chunk in zip(headers, chunks, strict=True)])

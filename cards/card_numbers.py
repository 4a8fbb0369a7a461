"""Card numbers: which ones a programme takes."""

from collections.abc import Sequence

from stdnum.luhn import is_valid as luhn_holds

from cards.folding import fold, is_ascii_digits
from cards.mistakes import CardNumberNotUnderstood

LONGEST = 32
"""Digits of the longest card number of any programme."""


def check_card_number(
    text: str, *, length: int | None = None, prefixes: Sequence[str] = (), luhn: bool = False
) -> str:
    """Give the digits of a card number that a programme could have issued.

    `length` digits (any number up to 32 when None or 0), starting with one of `prefixes` (any when empty), with a
    Luhn check digit (ISO/IEC 7812-1) when `luhn`. Pass none of them where the programme is not known.
    Raises CardNumberNotUnderstood: E63 empty, E64 (m, n) length, E64b contains a mistake.
    """
    number = text if is_ascii_digits(text) else fold(text)
    if not number:
        raise CardNumberNotUnderstood("E63")
    if length and len(number) != length:
        raise CardNumberNotUnderstood("E64", m=length, n=len(number))
    if not is_ascii_digits(number) or len(number) > LONGEST:
        raise CardNumberNotUnderstood("E64b")
    if prefixes and not number.startswith(tuple(prefixes)):
        raise CardNumberNotUnderstood("E64b")
    if luhn and not luhn_holds(number):
        raise CardNumberNotUnderstood("E64b")
    return number

"""Card numbers: which ones a programme takes."""

from collections.abc import Sequence

from cards.folding import fold, is_ascii_digits
from cards.mistakes import CardNumberNotUnderstood

_DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")  # twice a digit, its two digits added up
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


def luhn_holds(number: str) -> bool:
    """Say whether the last digit is the right one (ISO/IEC 7812-1, annex B). `stdnum.luhn` takes ten times as long."""
    digits = number.encode()
    return (sum(digits[-1::-2]) + sum(digits[-2::-2].translate(_DOUBLED)) - ord("0") * len(digits)) % 10 == 0

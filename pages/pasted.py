"""Codes inside what people paste: a whole text message, or a code in groups."""

import re
import unicodedata

from cards.folding import fold

_WORDS = re.compile(r"[^\W\d_]{2,}")
_ANNOUNCED = re.compile(r"(?:码|code)[^0-9]{0,12}$", re.IGNORECASE)


def code_in(text: str, lengths: tuple[int, ...]) -> str:
    """Give the code out of a pasted message, folded; without a message around it, simply the folded text.

    Of several groups of digits of a right length, the one after 验证码, 激活码 or "code" is it. If none can be told
    from the others, the folded text comes back, and its mistake can be named.
    """
    plain = unicodedata.normalize("NFKC", text)
    if not _WORDS.search(plain):
        return fold(text)
    found = [match for length in lengths for match in _groups(length).finditer(plain)]
    announced = [match for match in found if _ANNOUNCED.search(plain[: match.start()])]
    choice = {fold(match[0]) for match in announced or found}
    return choice.pop() if len(choice) == 1 else fold(text)


def _groups(length: int) -> re.Pattern[str]:
    """Digits in a row, or in groups of three or four with one space or dash between them."""
    shapes = {6: r"[0-9]{6}|[0-9]{3}[ -][0-9]{3}", 12: r"[0-9]{12}|[0-9]{4}[ -][0-9]{4}[ -][0-9]{4}"}
    return re.compile(rf"(?<![0-9])(?:{shapes[length]})(?![0-9])")

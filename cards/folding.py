"""One spelling for what people type: digits, codes and numbers of any width, with any dashes and spaces."""

import unicodedata

DOTS = "·•・‧∙⋅."
"""What people and systems put between the parts of a name; U+00B7 is the one GB 18030 texts use."""

_ASCII_NOISE = dict.fromkeys(map(ord, " \t\n\r\v\f\x1c\x1d\x1e\x1f-.,"))
_NOISE = frozenset(DOTS + ",\u2212\u30fc")  # a minus sign and the dash of a Japanese keyboard are no Pd
_DOT_TO_MIDDLE_DOT = str.maketrans(dict.fromkeys(DOTS, "·"))


def fold(text: str) -> str:
    """Fold a code, a one-time code, a document's or a phone's number to the one spelling it is compared by.

    NFKC, then without white space, dashes, dots, commas and invisible format characters, in upper case. Letters and
    signs that do not belong there stay, so that a mistake can name them.
    """
    if text.isascii():
        return text.translate(_ASCII_NOISE).upper()
    # Character by character: NFKC of one long run of combining marks takes time by the square of its length.
    wide = "".join(unicodedata.normalize("NFKC", char) for char in text)
    return "".join(char for char in wide if not _is_noise(char)).upper()


def is_ascii_digits(text: str) -> bool:
    """Say whether the text is digits 0 to 9 only: `str.isdigit` alone takes digits of any script and superscripts."""
    return text.isascii() and text.isdigit()


def name_key(text: str) -> str:
    """Fold a person's name to the key that names are compared by; the name itself is stored as typed.

    NFKC, one middle dot for all dots, no spaces or invisible characters, no difference of case (passports are in
    capitals). For names that `check_name` took: of a text of any length, NFKC could take minutes.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(char for char in folded if not char.isspace() and unicodedata.category(char) != "Cf")
    return kept.translate(_DOT_TO_MIDDLE_DOT)


def _is_noise(char: str) -> bool:
    return char in _NOISE or char.isspace() or unicodedata.category(char) in {"Pd", "Cf"}

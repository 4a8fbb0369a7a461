"""Names of people: any script, kept as typed."""

import unicodedata

from cards.mistakes import NameNotUnderstood

LONGEST = 100


def check_name(text: str) -> str:
    """Give the name as typed, trimmed; never normalised, because NFC and NFKC rewrite rare characters.

    Raises NameNotUnderstood: E10 empty, E11 over 100 characters.
    """
    name = text.strip()
    if name.isascii():
        written = any(map(str.isalnum, name))
    else:
        written = any(unicodedata.category(char)[0] in "LN" for char in name)
    if not written:
        raise NameNotUnderstood("E10")
    if len(name) > LONGEST:
        raise NameNotUnderstood("E11")
    return name

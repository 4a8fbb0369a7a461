"""Email addresses: one spelling for one mailbox."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.encoding import punycode

from cards.mistakes import EmailNotUnderstood

LONGEST = 254
# The ordinary address, a subset of what Django's validator takes and 10 times as fast: an import checks each row.
_ORDINARY = re.compile(
    r"[a-z0-9_+-]{1,64}(?:\.[a-z0-9_+-]{1,64})*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,20}"
)


def normalise_email(text: str) -> str:
    """Give the address in lower case, its host in ASCII (RFC 5891), without the spaces people paste along.

    The part before the @ is lowered too: RFC 5321 lets a host tell cases apart, none that people use does, and phones
    write the first letter as a capital.
    Raises EmailNotUnderstood: E23 empty or not an address.
    """
    address = text.strip().lower()
    if len(address) > LONGEST:
        raise EmailNotUnderstood("E23")
    if _ORDINARY.fullmatch(address):
        return address
    address = "".join(filter(_is_part, unicodedata.normalize("NFKC", address))).lower()
    local, _, host = address.rpartition("@")
    try:
        address = f"{local}@{punycode(host)}"
        validate_email(address)
    except (ValidationError, UnicodeError) as cause:
        raise EmailNotUnderstood("E23") from cause
    if len(address) > LONGEST or not address.isascii():
        raise EmailNotUnderstood("E23")
    return address


def _is_part(char: str) -> bool:
    return not char.isspace() and unicodedata.category(char) != "Cf"

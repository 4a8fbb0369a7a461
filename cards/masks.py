"""What may be shown of a phone, an address, a document, a name and a card; its length tells nothing."""

import phonenumbers
from django.utils.translation import gettext


def mask_phone(number: str) -> str:
    """Mask an E.164 number: "138 **** 8000" for mainland China, "+852 **** 4567" for others."""
    if not number:
        return ""
    if number.startswith("+86"):
        return f"{number[3:6]} **** {number[-4:]}"
    country = phonenumbers.parse(number).country_code
    return f"+{country} **** {number[-4:]}"


def mask_email(address: str) -> str:
    """Mask an email address: "z***@qq.com"."""
    local, _, host = address.rpartition("@")
    return f"{local[:1]}***@{host}" if host else ""


def mask_id(number: str) -> str:
    """Mask the number of an identity document: "1********X"."""
    return f"{number[0]}********{number[-1]}" if number else ""


def mask_forgotten_id(tail: str) -> str:
    """What is left of a document number that is not kept any more: "********123X"."""
    return f"********{tail}" if tail else ""


def mask_name(name: str) -> str:
    """Mask a name: its last two characters ("*小明"); where words are spaced, the first letter and the last word."""
    words = name.split()
    if not words:
        return ""
    if not _is_spaced(name):
        return "*" + "".join(words)[1:][-2:]
    return f"{words[0][0]}***" + (f" {words[-1]}" if len(words) > 1 else "")


def mask_card(number: str) -> str:
    """Say which card by its last four digits: "ending in 2604"."""
    return gettext("ending in %(tail)s") % {"tail": number[-4:]} if number else ""


def _is_spaced(name: str) -> bool:
    """Say whether the script puts spaces between words: those before the East Asian ones in Unicode do."""
    return all(char < "\u1100" for char in name if char.isalpha())

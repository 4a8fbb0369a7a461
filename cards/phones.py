"""Mobile numbers: every spelling of one number becomes its one E.164 form."""

import re

import phonenumbers

from cards.folding import fold
from cards.mistakes import PhoneNotUnderstood

_MAINLAND_MOBILE = re.compile(r"(?:\+86|0086|86)?(1[3-9][0-9]{9})")
_DIALLED = re.compile(r"\+?[0-9]{1,20}")
_BRACKETS = str.maketrans("", "", "()/")


def normalise_phone(text: str, region: str = "CN") -> str:
    """Give the number in E.164 form ("+8613800138000"); `region` (ISO 3166) is where a number without + is dialled.

    Mainland numbers are told by their shape alone: new ranges open faster than tables are updated. Others must be
    possible numbers of their country to libphonenumber.
    Raises PhoneNotUnderstood: E20 empty, E21 not a mainland mobile number, E22 not a complete international one.
    """
    if region == "CN" and (plain := _MAINLAND_MOBILE.fullmatch(text)):
        return "+86" + plain[1]
    number = fold(text).translate(_BRACKETS)
    if not number:
        raise PhoneNotUnderstood("E20")
    mainland = _MAINLAND_MOBILE.fullmatch(number)
    if mainland and (region == "CN" or number.startswith("+86")):
        return "+86" + mainland[1]
    abroad = region != "CN" or number.startswith(("+", "00"))
    if not abroad or number.startswith(("+86", "0086")):
        raise PhoneNotUnderstood("E21")
    return _international(number, region)


def as_dialled(contact: str) -> str:
    """A mainland number as its holder types it, without +86; any other number, and an email, as it is."""
    mainland = _MAINLAND_MOBILE.fullmatch(contact)
    return mainland[1] if mainland else contact


def _international(number: str, region: str) -> str:
    if not _DIALLED.fullmatch(number):
        raise PhoneNotUnderstood("E22")
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException as cause:
        raise PhoneNotUnderstood("E22") from cause
    if not phonenumbers.is_possible_number(parsed):
        raise PhoneNotUnderstood("E22")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)

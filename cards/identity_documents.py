"""Identity documents: which there are, and whether a number can be one of theirs."""

import re
from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric

from cards.folding import fold
from cards.mistakes import DocumentNumberNotUnderstood


class DocumentType(models.TextChoices):
    """The documents a cardholder can be registered with."""

    RESIDENT_ID = "resident_id", _("Resident ID card")
    RESIDENCE_PERMIT = "residence_permit", _("Residence Permit for Hong Kong, Macao and Taiwan Residents")
    PERMANENT_RESIDENT = "permanent_resident", _("Foreign Permanent Resident ID Card")
    HK_MACAO_PERMIT = "hk_macao_permit", _("Mainland Travel Permit for Hong Kong and Macao Residents")
    TAIWAN_PERMIT = "taiwan_permit", _("Mainland Travel Permit for Taiwan Residents")
    PASSPORT = "passport", _("passport")
    STUDENT_NUMBER = "student_number", _("student or staff ID")


WITH_BIRTH_DATE = frozenset({"resident_id", "residence_permit", "permanent_resident"})
"""The documents whose number is built by GB 11643: 18 characters with a birth date and a check digit."""

_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_EARLIER_PERMANENT_RESIDENT = re.compile(r"[A-Z]{3}[0-9]{12}")  # cards issued before December 2023 stay good
_OTHER = re.compile(r"[A-Z0-9]{5,20}")
_EARLIEST_BIRTH = date(1900, 1, 1)


def check_document_number(document: str, text: str, *, today: date | None = None) -> str:
    """Give the number of a document (a DocumentType) in its one spelling: folded, X for a final *.

    Hard rules for the GB 11643 kinds are the check digit (ISO 7064 MOD 11-2) and a possible birth date, not the
    address: its table goes stale and rejects real people.
    Raises DocumentNumberNotUnderstood: E12 or E16 (doc) empty, E13 (n) or E17 (doc) length, E14 contains a mistake.
    """
    number = text if _EIGHTEEN.fullmatch(text) else fold(text)
    if document not in WITH_BIRTH_DATE:
        return _other(document, number)
    if not number:
        raise DocumentNumberNotUnderstood("E12")
    if number.endswith(("*", "×")):
        number = number[:-1] + "X"
    if document == "permanent_resident" and _EARLIER_PERMANENT_RESIDENT.fullmatch(number):
        return number
    if len(number) != 18:
        raise DocumentNumberNotUnderstood("E13", n=len(number))
    # calc_check_digit wants all 18 and reads the first 17 in base 13, so the shape is looked at before.
    if not _EIGHTEEN.fullmatch(number) or ric.calc_check_digit(number) != number[-1]:
        raise DocumentNumberNotUnderstood("E14")
    born = birth_date(document, number)
    if born is None or not _EARLIEST_BIRTH <= born <= (today or timezone.localdate()):
        raise DocumentNumberNotUnderstood("E14")
    return number


def birth_date(document: str, number: str) -> date | None:
    """Read the birth date out of a checked number; None where the document's number has none or it is impossible."""
    if document not in WITH_BIRTH_DATE or not _EIGHTEEN.fullmatch(number):
        return None
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def age(born: date, on: date) -> int:
    """Count the full years of age (周岁) that a person born on `born` has reached on the day `on`."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _other(document: str, number: str) -> str:
    if _OTHER.fullmatch(number):
        return number
    raise DocumentNumberNotUnderstood("E17" if number else "E16", doc=DocumentType(document).label)

"""What an import says of a mistake: for the one who mends the file, and never with the value itself."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cards.mistakes import Mistake

EMPTY = _("is empty")
REASONS: dict[str, str | Promise] = {
    # Ids of the catalogue: what is wrong with a value wherever it is typed.
    "E10": EMPTY,
    "E11": _("is longer than 100 characters"),
    "E12": EMPTY,
    "E13": _("must be 18 characters, has %(n)d"),
    "E14": _("has a mistyped character or an impossible birth date"),
    "E16": EMPTY,
    "E17": _("must be 5 to 20 letters or digits"),
    "E20": EMPTY,
    "E21": _("is not a mainland mobile number of 11 digits"),
    "E22": _("is not a complete number with + and the country or region code"),
    "E23": _("is not an email address"),
    "E63": EMPTY,
    "E64": _("must be %(m)d digits, has %(n)d"),
    "E64b": _("has a mistyped digit or is not of this programme"),
    # What only a file can have.
    "empty": EMPTY,
    "control": _("contains a line break or another control character"),
    "undecodable": _("contains bytes that are not text in the file's encoding"),
    "shortened": _("was shortened by a spreadsheet: format the column as text and fill it in again"),
    "id_type": _("must be one of: %(allowed)s"),
    "language": _("must be one of: %(allowed)s"),
    "no_contact": _("is empty, and so is email: give at least one of them"),
    "date": _("is not a date like 2030-12-31"),
    "past": _("is in the past"),
    "cells": _("has %(n)d cells where the header has %(m)d"),
    "quotes": _("has a quotation mark that is not closed, or text after a closed one"),
    "long_line": _("is longer than %(m)d characters: is a line break missing?"),
    "twice": _("is more than once in this file, first in row %(row)s"),
    "replaces_itself": _("is the card of this row itself"),
    "replaces_twice": _("is in more than one row of this file, first in row %(row)s"),
    "not_imported": _("is no card of this programme, and none of this file"),
    "has_another": _("has another new card already"),
    "takes_another": _("is not the card whose place this one takes already"),
    "other_document": _("is registered for another identity document than this row, so it is not the same person's"),
    "unwritten": _(
        "could not be written down (the rest of the row is in): the card it names is not in yet, or one of the two "
        "has changed meanwhile or is closed. Import this row again when that is mended"
    ),
    "other_programme": _("is a card of another programme"),
}


def reason(mistake: Mistake, reasons: Mapping[str, str | Promise] = REASONS) -> str:
    """Say the mistake in the current language, to stand after the column's name."""
    return str(reasons[mistake.message_id]) % mistake.params

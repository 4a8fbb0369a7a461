"""What staff write in their own words: it stays readable in the history of a card, for as long as the card does."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

NUMBER = re.compile(r"\d{6}|\d(?:[\s\-\u2010-\u2015]?\d){10}")
"""Six digits in a row, like a code, or eleven in groups, like a phone or a card. A date with its hour has ten."""
ADDRESS = re.compile(r"\w@\w")


def check_words(text: str) -> None:
    """Raises ValidationError for what can be somebody's number, code or address; those are encrypted or nowhere."""
    if NUMBER.search(text) or ADDRESS.search(text):
        raise ValidationError(_("Leave out numbers of cards, phones and documents, email addresses and codes."))

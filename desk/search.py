"""Reading what was typed into the search box: every exact value that it can be, in the spelling we keep."""

import re
from collections.abc import Callable
from enum import StrEnum
from uuid import UUID

from cards.card_numbers import check_card_number
from cards.emails import normalise_email
from cards.folding import fold
from cards.identity_documents import DocumentType, check_document_number
from cards.mistakes import Mistake
from cards.models import Programme
from cards.phones import normalise_phone
from vault.blind_index import blind_index

LONGEST = 320
_REFERENCE = re.compile(r"[A-Z0-9]{12}")


class Kind(StrEnum):
    """What a person or a card can be found by."""

    CARD_NUMBER = "card_number"
    REFERENCE = "reference"
    PHONE = "phone"
    EMAIL = "email"
    ID_NUMBER = "id_number"


Wanted = dict[Kind, list[UUID | str]]
"""What to compare with: blind indexes, and a reference as it is."""


def understand(text: str) -> Wanted:
    """Give everything that `text` can be, empty when it can be nothing. A text that is too long is nothing."""
    if not text.strip() or len(text) > LONGEST:
        return {}
    regions = {"CN", *Programme.objects.values_list("region", flat=True)}
    readings: dict[Kind, list[str]] = {
        Kind.CARD_NUMBER: [_read(check_card_number, text)],
        Kind.PHONE: [_read(normalise_phone, text, region) for region in regions],
        Kind.EMAIL: [_read(normalise_email, text)],
        Kind.ID_NUMBER: [_read(check_document_number, document, text) for document in DocumentType.values],
    }
    wanted: Wanted = {}
    for kind, values_read in readings.items():
        values = set(filter(None, values_read))
        if values:
            wanted[kind] = [blind_index(kind, value) for value in sorted(values)]
    folded = fold(text)
    if _REFERENCE.fullmatch(folded):
        wanted[Kind.REFERENCE] = ["-".join((folded[:4], folded[4:8], folded[8:]))]
    return wanted


def _read(way: Callable[..., str], *arguments: str) -> str:
    try:
        return way(*arguments)
    except Mistake:
        return ""


def by_card(path: str = "") -> dict[Kind, str]:
    """The columns by which a row is found through its card; `path` leads there from the row, like "card__"."""
    return {
        Kind.CARD_NUMBER: f"{path}number_index",
        Kind.REFERENCE: f"{path}activation_attempts__reference",
        Kind.PHONE: f"{path}phone_index",
        Kind.EMAIL: f"{path}email_index",
        Kind.ID_NUMBER: f"{path}id_number_index",
    }

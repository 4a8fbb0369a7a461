"""One row of an issuer's file: what its cells must be, and the one spelling each value is kept in."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import get_supported_language_variant

from cards.card_numbers import check_card_number
from cards.emails import normalise_email
from cards.identity_documents import check_document_number
from cards.mistakes import Mistake
from cards.models import Programme
from cards.names import check_name
from cards.phones import normalise_phone

COLUMNS = ("card_number", "holder_name", "id_type", "id_number", "phone", "email", "language", "expires_on")

REPLACES = "replaces"
"""A column that a file may have besides: the number of the card whose place this one takes."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_UNDECODABLE = re.compile(r"[\ud800-\udfff]")
_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,3}")
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_REMEMBERED = 4096


class CardRecord(NamedTuple):
    """What a row says of a card, each value in its one spelling. `phone`, `email` and `expires_on` may be empty."""

    card_number: str
    holder_name: str
    id_type: str
    id_number: str
    phone: str
    email: str
    language: str
    expires_on: str


class RecordMistake(Mistake):
    """A mistake that only a file can have; `importing_reasons` has the words."""


class RecordNotUnderstood(Exception):
    """A row with mistakes: all of them, each with its column."""

    def __init__(self, mistakes: list[tuple[str, Mistake]]) -> None:
        super().__init__()
        self.mistakes = mistakes


class RecordReader:
    """Reads rows of a programme's file. `today`, in the programme's zone, is the first day a card may expire on."""

    def __init__(self, programme: Programme, *, today: date) -> None:
        self._length, self._luhn = programme.number_length, programme.number_luhn
        self._prefixes = tuple(programme.number_prefixes)
        self._documents = frozenset(programme.id_types)
        self._region = programme.region
        self._today = today
        self._language = _remembering(_language)
        self._expires_on = _remembering(self._day)

    def read(self, cells: Sequence[str], replaces: str = "") -> CardRecord:
        """Read the cells of one row, in the order of COLUMNS, and look at the one of REPLACES, which is no part of the
        record. Raises RecordNotUnderstood."""
        card_number, holder_name, id_type, id_number, phone, email, language, expires_on = cells
        try:
            record = CardRecord(
                self.card_number(card_number),
                _holder_name(holder_name),
                self._id_type(id_type),
                check_document_number(id_type, id_number, today=self._today),
                self._phone(phone, email),
                _email(email),
                self._language(language),
                self._expires_on(expires_on),
            )
            if replaces:
                self.replaced(replaces, record.card_number)
        except Mistake:
            raise self._not_understood(cells, replaces) from None
        return record

    def _not_understood(self, cells: Sequence[str], replaces: str) -> RecordNotUnderstood:
        """Read again, cell by cell, for all the mistakes of the row."""
        card_number, holder_name, id_type, id_number, phone, email, language, expires_on = cells
        reads: dict[str, tuple[str, Callable[[], str]]] = {
            "card_number": (card_number, lambda: self.card_number(card_number)),
            "holder_name": (holder_name, lambda: _holder_name(holder_name)),
            "id_type": (id_type, lambda: self._id_type(id_type)),
            "id_number": (id_number, lambda: self._id_number(id_type, id_number)),
            "phone": (phone, lambda: self._phone(phone, email)),
            "email": (email, lambda: _email(email)),
            "language": (language, lambda: self._language(language)),
            "expires_on": (expires_on, lambda: self._expires_on(expires_on)),
            REPLACES: (replaces, lambda: self.replaced(replaces, self._number_or_none(card_number))),
        }
        mistakes: list[tuple[str, Mistake]] = []
        for column, (cell, read) in reads.items():
            try:
                read()
            except Mistake as mistake:
                mistakes.append((column, cause(column, cell, mistake)))
        return RecordNotUnderstood(mistakes)

    def card_number(self, cell: str) -> str:
        """Read the card number alone. Raises CardNumberNotUnderstood."""
        return check_card_number(cell, length=self._length, prefixes=self._prefixes, luhn=self._luhn)

    def replaced(self, cell: str, card_number: str) -> str:
        """Read the number of the card whose place this one takes; "" where there is none. Raises Mistake."""
        if not cell.strip():
            return ""
        number = self.card_number(cell)
        if number == card_number:
            raise RecordMistake("replaces_itself")
        return number

    def document(self, cells: Sequence[str]) -> tuple[str | None, str | None]:
        """Read the document alone, its kind and number; None and None where either is wrong."""
        kind, number = cells[COLUMNS.index("id_type")], cells[COLUMNS.index("id_number")]
        try:
            return self._id_type(kind), self._id_number(kind, number)
        except Mistake:
            return None, None

    def _number_or_none(self, cell: str) -> str:
        try:
            return self.card_number(cell)
        except Mistake:
            return ""

    def _id_type(self, cell: str) -> str:
        if cell not in self._documents:
            raise RecordMistake("id_type" if cell else "empty", allowed=", ".join(sorted(self._documents)))
        return cell

    def _id_number(self, document: str, cell: str) -> str:
        """Without a document nothing can be said of its number: the mistake is the document's."""
        if document not in self._documents:
            return ""
        return check_document_number(document, cell, today=self._today)

    def _phone(self, cell: str, email: str) -> str:
        if not cell and not email:
            raise RecordMistake("no_contact")
        return normalise_phone(cell, self._region) if cell else ""

    def _day(self, cell: str) -> str:
        if not cell:
            return ""
        parts = _DATE.fullmatch(cell)
        try:
            day = date(*map(int, parts.groups())) if parts else None
        except ValueError:
            day = None
        if day is None:
            raise RecordMistake("date")
        if day < self._today:
            raise RecordMistake("past")
        return day.isoformat()


def _holder_name(cell: str) -> str:
    name = check_name(cell)
    # Space is the only blank that is printable to Python, so nearly all names end the question here.
    if not name.isprintable() and (_CONTROL.search(name) or _UNDECODABLE.search(name)):
        raise RecordMistake("control")
    return name


def _email(cell: str) -> str:
    return normalise_email(cell) if cell else ""


def _language(cell: str) -> str:
    try:
        return get_supported_language_variant(cell.strip().lower().replace("_", "-"))
    except LookupError:
        raise RecordMistake("language", allowed=", ".join(code for code, _ in settings.LANGUAGES)) from None


def cause(column: str, cell: str, mistake: Mistake) -> Mistake:
    """Find the cause behind a mistake: bytes that could not be decoded, digits that a spreadsheet threw away."""
    if _UNDECODABLE.search(cell):
        return RecordMistake("undecodable")
    if column in {"card_number", "id_number", "phone", REPLACES} and _SHORTENED.fullmatch(cell.strip()):
        return RecordMistake("shortened")
    return mistake


def _remembering(read: Callable[[str], str]) -> Callable[[str], str]:
    """Keep the answers for cells that repeat from row to row; a file with other cells on each row keeps a few only."""
    known: dict[str, str] = {}

    def remembered(cell: str) -> str:
        value = known.get(cell)
        if value is None:
            value = read(cell)
            if len(known) < _REMEMBERED:
                known[cell] = value
        return value

    return remembered

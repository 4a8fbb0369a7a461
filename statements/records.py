"""One row of an issuer's file of transactions: what its cells must be, and the one spelling each value is kept in."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import phonenumbers

from cards.card_numbers import check_card_number
from cards.mistakes import Mistake
from cards.models import Programme
from cards.records import RecordMistake, RecordNotUnderstood, cause
from pages.money import CURRENCIES
from statements.models import Transaction

COLUMNS = (
    "card_number",
    "issuer_id",
    "at",
    "amount_minor",
    "currency",
    "balance_minor",
    "kind",
    "description",
    "merchant_name",
    "merchant_category",
    "country",
)
AHEAD = timedelta(days=1)
"""By how much an issuer's clock, or its time zone, may be ahead."""

_KINDS = frozenset(Transaction.Kind.values)
_COUNTRIES = frozenset(phonenumbers.SUPPORTED_REGIONS)
_ISSUER_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_WHOLE = re.compile(r"[-+]?[0-9]{1,15}")
_CATEGORY = re.compile(r"[0-9]{4}")
_MOMENT = re.compile(
    r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})[T ]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_LONG_NUMBER = re.compile(r"[0-9](?:[ -]?[0-9]){10,}")
_ADDRESS = re.compile(r"[^\s@]+(@[^\s@]+\.[^\s@]+)")


class TransactionRecord(NamedTuple):
    """What a row says, each value in its one spelling. `month`: the first day of it in the programme's zone."""

    card_number: str
    issuer_id: str
    at: datetime
    month: date
    amount: int
    currency: str
    balance: int | None
    kind: str
    description: str
    merchant_name: str
    merchant_category: str
    country: str


class TransactionReader:
    """Reads rows of a programme's file. Moments without an offset are of the programme's zone."""

    def __init__(self, programme: Programme, *, now: datetime) -> None:
        self._length, self._luhn = programme.number_length, programme.number_luhn
        self._prefixes = tuple(programme.number_prefixes)
        self._zone = programme.zone
        self._latest = now + AHEAD

    def read(self, cells: Sequence[str]) -> TransactionRecord:
        """Read the cells of one row, in the order of COLUMNS. Raises RecordNotUnderstood with all its mistakes."""
        try:
            return self._record(*cells)
        except Mistake:
            raise self._not_understood(cells) from None

    def _record(
        self,
        card_number: str,
        issuer_id: str,
        at: str,
        amount: str,
        currency: str,
        balance: str,
        kind: str,
        description: str,
        merchant_name: str,
        category: str,
        country: str,
    ) -> TransactionRecord:
        moment = self._at(at)
        return TransactionRecord(
            self.card_number(card_number),
            self.issuer_id(issuer_id),
            moment,
            moment.astimezone(self._zone).date().replace(day=1),
            _amount(amount),
            _currency(currency),
            _balance(balance),
            _kind(kind),
            _description(description),
            _merchant_name(merchant_name),
            _category(category),
            _country(country),
        )

    def _not_understood(self, cells: Sequence[str]) -> RecordNotUnderstood:
        """Read again, cell by cell, for all the mistakes of the row."""
        reads: tuple[Callable[[str], object], ...] = (
            self.card_number,
            self.issuer_id,
            self._at,
            _amount,
            _currency,
            _balance,
            _kind,
            _description,
            _merchant_name,
            _category,
            _country,
        )
        mistakes: list[tuple[str, Mistake]] = []
        for column, read, cell in zip(COLUMNS, reads, cells, strict=True):
            try:
                read(cell)
            except Mistake as mistake:
                mistakes.append((column, cause(column, cell, mistake)))
        return RecordNotUnderstood(mistakes)

    def card_number(self, cell: str) -> str:
        """Read the card number alone. Raises CardNumberNotUnderstood."""
        return check_card_number(cell, length=self._length, prefixes=self._prefixes, luhn=self._luhn)

    def issuer_id(self, cell: str) -> str:
        """Read the issuer's id alone. Raises RecordMistake."""
        value = cell.strip()
        if not _ISSUER_ID.fullmatch(value):
            raise RecordMistake("issuer_id" if value else "empty")
        return value

    def _at(self, cell: str) -> datetime:
        parts = _MOMENT.fullmatch(cell.strip())
        try:
            moment = self._moment(parts) if parts else None
        except (ValueError, OverflowError):
            moment = None
        if moment is None:
            raise RecordMistake("moment")
        if moment > self._latest:
            raise RecordMistake("future")
        return moment

    def _moment(self, parts: re.Match[str]) -> datetime:
        year, month, day, hour, minute, second = (int(part or 0) for part in parts.groups()[:6])
        local, offset = datetime(year, month, day, hour, minute, second), parts[7]
        if offset is None:
            return local.replace(tzinfo=self._zone).astimezone(UTC)
        return datetime.fromisoformat(f"{local.isoformat()}{offset}").astimezone(UTC)


def _amount(cell: str) -> int:
    amount = _whole(cell)
    if not amount:
        raise RecordMistake("minor_units" if cell else "empty")
    return amount


def _balance(cell: str) -> int | None:
    if not cell.strip():
        return None
    balance = _whole(cell)
    if balance is None:
        raise RecordMistake("balance")
    return balance


def _whole(cell: str) -> int | None:
    text = cell.strip().replace("\u2212", "-")
    return int(text) if _WHOLE.fullmatch(text) else None


def _currency(cell: str) -> str:
    code = cell.strip().upper()
    if code not in CURRENCIES:
        raise RecordMistake("currency" if code else "empty")
    return code


def _kind(cell: str) -> str:
    kind = cell.strip().lower()
    if kind not in _KINDS:
        raise RecordMistake("kind" if kind else "empty", allowed=", ".join(sorted(_KINDS)))
    return kind


def _category(cell: str) -> str:
    category = cell.strip()
    if category and not _CATEGORY.fullmatch(category):
        raise RecordMistake("category")
    return category


def _country(cell: str) -> str:
    country = cell.strip().upper()
    if country and country not in _COUNTRIES:
        raise RecordMistake("country")
    return country


def _description(cell: str) -> str:
    return _text(cell, 140)


def _merchant_name(cell: str) -> str:
    return _text(cell, 100)


def _text(cell: str, longest: int) -> str:
    """Read words of an issuer. Issuers write other people's card and phone numbers there: only their ends are kept."""
    text = cell.strip()
    if not text.isprintable():
        raise RecordMistake("control")
    if len(text) > longest:
        raise RecordMistake("long_text", m=longest)
    return words_kept(text, longest)


def words_kept(text: str, longest: int) -> str:
    """Leave only the ends of long numbers and of addresses in an issuer's words."""
    text = _LONG_NUMBER.sub(lambda number: f"****{number[0][-4:]}", text)
    return _ADDRESS.sub(r"***\1", text)[:longest]

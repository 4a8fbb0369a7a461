"""The rows of a file, read and checked by the batch, and sealed as the cards they would become."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from cards.importing_file import IssuerFile
from cards.importing_tables import Packed, packer
from cards.mistakes import Mistake
from cards.models import Card
from cards.models.tail_field import tail_of
from cards.records import COLUMNS, REPLACES, CardRecord, RecordNotUnderstood, RecordReader
from vault.bulk import indexer, sealer
from vault.ids import new_id

AT_ONCE = 1_000
"""Rows that are held in memory, and that one transaction writes: on SQLite nobody else can write meanwhile."""


KEPT = (
    *("id", "number", "number_index", "number_tail", "holder_name"),
    *("id_type", "id_number", "id_number_index", "id_number_tail"),
    *("phone", "phone_index", "email", "email_index", "language", "expires_on", "record_digest"),
)
"""The columns of a card that come from its row."""


PLACES = {column: place for place, column in enumerate((*COLUMNS, REPLACES))}


class SealedRow(NamedTuple):
    """A good row: the id that a new card would have, what the row is known by, in hex, and the values of KEPT."""

    row_no: int
    id: str
    number_index: str
    record_digest: str
    packed: Packed


class RowMistake(NamedTuple):
    """A mistake of a row: its number, the place of the column (-1 for the whole row), the column's name and what."""

    row_no: int
    place: int
    column: str
    mistake: Mistake


class Batch(NamedTuple):
    """What some rows of the file came to, and how far they bring the reading, from 0 to 1."""

    rows: list[SealedRow]
    mistakes: list[RowMistake]
    done: float


def card_numbers(file: IssuerFile, reader: RecordReader) -> Iterator[tuple[list[Packed], list[Packed]]]:
    """Read only the right card numbers of a file, packed: the row's number and the card number's index; and for rows
    that replace a card these two, and the index of that card's number.

    Where rows may replace cards, the keys have the row's document besides, its kind and index, or None and None.
    """
    index, pack, place = indexer("card_number"), packer(), file.place_of(REPLACES)
    document_index = indexer("id_number")
    rows = file.rows()
    while some := list(islice(rows, AT_ONCE)):
        found, replacing = [], []
        for row in some:
            try:
                values = file.values(row)
                number = reader.card_number(values[0])
                if place is None:
                    found.append(pack((row.number, index(number))))
                    continue
                kind, document = reader.document(values)
                found.append(pack((row.number, index(number), kind, document and document_index(document))))
                if old := reader.replaced(row.cells[place], number):
                    replacing.append(pack((row.number, index(number), index(old))))
            except Mistake:
                continue
        yield found, replacing


def batches(file: IssuerFile, reader: RecordReader) -> Iterator[Batch]:
    """Read, check and seal the rows of a file."""
    seal, place = _Sealer(), file.place_of(REPLACES)
    rows = file.rows()
    while some := list(islice(rows, AT_ONCE)):
        batch = Batch([], [], file.done)
        for row in some:
            try:
                values = file.values(row)
                replaces = "" if place is None else row.cells[place]
                batch.rows.append(seal.row(row.number, reader.read(values, replaces)))
            except Mistake as mistake:
                batch.mistakes.append(RowMistake(row.number, -1, "", mistake))
            except RecordNotUnderstood as refused:
                batch.mistakes.extend(
                    RowMistake(row.number, PLACES[column], column, mistake) for column, mistake in refused.mistakes
                )
        yield batch


class _Sealer:
    def __init__(self) -> None:
        self._number, self._number_index = sealer(Card, "number"), indexer("card_number")
        self._holder_name = sealer(Card, "holder_name")
        self._id_number, self._id_number_index = sealer(Card, "id_number"), indexer("id_number")
        self._phone, self._phone_index = sealer(Card, "phone"), indexer("phone")
        self._email, self._email_index = sealer(Card, "email"), indexer("email")
        self._digest = indexer("record")
        self._pack = packer()

    def row(self, row_no: int, record: CardRecord) -> SealedRow:
        """Seal a record for a new card. Its digest covers all columns, so it tells any change."""
        number, holder_name, id_type, id_number, phone, email, language, expires_on = record
        pk = new_id().hex
        number_index = self._number_index(number)
        digest = self._digest("\n".join(record))
        values = (
            pk,
            self._number(pk, number),
            number_index,
            tail_of(number),
            self._holder_name(pk, holder_name),
            id_type,
            self._id_number(pk, id_number),
            self._id_number_index(id_number),
            tail_of(id_number),
            self._phone(pk, phone) if phone else None,
            self._phone_index(phone) if phone else None,
            self._email(pk, email) if email else None,
            self._email_index(email) if email else None,
            language,
            expires_on or None,
            digest,
        )
        return SealedRow(row_no, pk, number_index, digest, self._pack(values))

"""The rows of a file of transactions, read and checked by the batch. Runs beside the import, and asks no database."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from cards.importing_file import IssuerFile
from cards.importing_rows import RowMistake
from cards.importing_tables import Packed, packer
from cards.mistakes import Mistake
from cards.records import RecordNotUnderstood
from statements.incoming import RowPacker
from statements.records import COLUMNS, TransactionReader
from vault.bulk import indexer

AT_ONCE = 4_000
"""Rows that are held in memory, and that one transaction writes. Of 1,000, the database takes half as long again."""
ISSUER_ID = COLUMNS.index("issuer_id")


class TransactionRow(NamedTuple):
    """A good row: its number, and all that it says, packed for the database."""

    row_no: int
    packed: Packed


class Batch(NamedTuple):
    """What some rows came to, and how far they bring the reading, from 0 to 1.

    `others` are cards named in rows with mistakes, by the row's number: they are looked for all the same.
    """

    rows: list[TransactionRow]
    others: list[tuple[int, str]]
    mistakes: list[RowMistake]
    done: float


def issuer_ids(file: IssuerFile, reader: TransactionReader) -> Iterator[list[Packed]]:
    """Read only the issuer's ids of a file: the row's number and the id's index, packed."""
    index, pack = indexer("issuer_id"), packer()
    rows = file.rows()
    while some := list(islice(rows, AT_ONCE)):
        found = []
        for row in some:
            try:
                found.append(pack((row.number, index(reader.issuer_id(file.values(row)[ISSUER_ID])))))
            except Mistake:
                continue
        yield found


def batches(file: IssuerFile, reader: TransactionReader) -> Iterator[Batch]:
    """Read and check the rows of a file."""
    index, pack = indexer("card_number"), RowPacker()
    rows = file.rows()
    while some := list(islice(rows, AT_ONCE)):
        batch = Batch([], [], [], file.done)
        for row in some:
            try:
                cells = file.values(row)
                record = reader.read(cells)
                batch.rows.append(TransactionRow(row.number, pack(row.number, index(record.card_number), record)))
            except Mistake as mistake:
                batch.mistakes.append(RowMistake(row.number, -1, "", mistake))
            except RecordNotUnderstood as refused:
                columns = [column for column, _mistake in refused.mistakes]
                if "card_number" not in columns:
                    batch.others.append((row.number, index(reader.card_number(cells[0]))))
                batch.mistakes.extend(
                    RowMistake(row.number, COLUMNS.index(column), column, mistake)
                    for column, mistake in refused.mistakes
                )
        yield batch

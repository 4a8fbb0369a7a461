"""Transactions on their way in: a batch of rows in a temporary table of this connection. All else follows from it."""

from collections.abc import Collection
from operator import attrgetter

from django.db import connection

from cards.importing_tables import Packed, packer, put_rows
from cards.models import Programme
from statements.records import TransactionRecord
from vault.ids import new_id

KEPT = ("at", "amount", "currency", "kind", "description", "merchant_name", "merchant_category", "country")
"""What a transaction takes from its record, by the same names."""

_TYPES = {
    "row_no": "integer",
    "id": "{uuid}",
    "card_index": "{uuid}",
    "month": "date",
    "balance": "bigint",
    "at": "{moment}",
    "amount": "bigint",
}
_COLUMNS = ("row_no", "id", "card_index", "issuer_id", "month", "balance", *KEPT)
_SAME = " AND ".join(["t.card_id = c.id", *(f"t.{name} = b.{name}" for name in KEPT)])
_NOT_WRITTEN = f"""
SELECT b.row_no, CASE WHEN c.id IS NULL THEN 'unknown_card' WHEN {_SAME} THEN 'known' ELSE 'other_values' END
FROM incoming_transaction b
LEFT JOIN cards_card c ON c.number_index = b.card_index AND c.programme_id = %s
LEFT JOIN statements_transaction t ON t.programme_id = %s AND t.issuer_id = b.issuer_id
WHERE c.id IS NULL OR t.id <> b.id
"""  # noqa: S608 - names of columns


class RowPacker:
    """Packs what rows say, each with the id that its transaction would have. Asks the database nothing."""

    def __init__(self) -> None:
        self._pack = packer()
        self._moment = connection.ops.adapt_datetimefield_value
        self._rest = attrgetter(*KEPT[1:])

    def __call__(self, row_no: int, card_index: str, record: TransactionRecord) -> Packed:
        """Pack a row. Its card is told by the index of the card's number, in hex."""
        return self._pack(
            (
                row_no,
                new_id().hex,
                card_index,
                record.issuer_id,
                record.month.isoformat(),
                record.balance,
                str(self._moment(record.at)),
                *self._rest(record),
            )
        )


def hold(rows: Collection[Packed]) -> None:
    """Hold these rows, and none of an earlier batch, for the statements that bring them in."""
    postgres = connection.vendor == "postgresql"
    uuid, moment = ("uuid", "timestamptz") if postgres else ("char(32)", "datetime")
    columns = ", ".join(f"{name} {_TYPES.get(name, 'text')}" for name in _COLUMNS).format(uuid=uuid, moment=moment)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS incoming_transaction ({columns})")
        cursor.execute(f"{'TRUNCATE' if postgres else 'DELETE FROM'} incoming_transaction")
    put_rows("incoming_transaction", _COLUMNS, rows)


def not_written(programme: Programme) -> list[tuple[int, str]]:
    """Give the rows of the batch that no new transaction has come or would come from, and why.

    "known": it is there already; "other_values": so, but it says something else; "unknown_card".
    """
    with connection.cursor() as cursor:
        cursor.execute(_NOT_WRITTEN, [programme.pk.hex] * 2)
        return [(int(row_no), str(why)) for row_no, why in cursor.fetchall()]

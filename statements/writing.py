"""Bringing a batch of transactions in: what is new of it, the sums of months and the balances that follow."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from cards.models import Programme
from statements.incoming import KEPT

TRANSACTIONS = f"""
INSERT INTO statements_transaction (id, programme_id, card_id, issuer_id, {", ".join(KEPT)})
SELECT b.id, c.programme_id, c.id, b.issuer_id, {", ".join(f"b.{name}" for name in KEPT)}
FROM incoming_transaction b JOIN cards_card c ON c.number_index = b.card_index
WHERE c.programme_id = %s ORDER BY b.issuer_id
ON CONFLICT (programme_id, issuer_id) DO NOTHING
"""
TOTALS = """
INSERT INTO statements_monthtotal AS m
    (id, card_id, month, currency, kind, incoming, outgoing, incoming_count, outgoing_count)
SELECT CAST(MIN(CAST(t.id AS text)) AS {uuid}), t.card_id, b.month, t.currency, t.kind,
    SUM(CASE WHEN t.amount > 0 THEN t.amount ELSE 0 END), SUM(CASE WHEN t.amount < 0 THEN -t.amount ELSE 0 END),
    COUNT(CASE WHEN t.amount > 0 THEN 1 END), COUNT(CASE WHEN t.amount < 0 THEN 1 END)
FROM incoming_transaction b JOIN statements_transaction t ON t.id = b.id
WHERE true GROUP BY t.card_id, b.month, t.currency, t.kind ORDER BY t.card_id, b.month, t.currency, t.kind
ON CONFLICT (card_id, month, currency, kind) DO UPDATE SET
    incoming = m.incoming + excluded.incoming, outgoing = m.outgoing + excluded.outgoing,
    incoming_count = m.incoming_count + excluded.incoming_count,
    outgoing_count = m.outgoing_count + excluded.outgoing_count
"""
KEEP_LATER = """
ON CONFLICT (card_id) DO UPDATE SET amount = excluded.amount, currency = excluded.currency, as_of = excluded.as_of
WHERE k.as_of <= excluded.as_of
"""
BALANCES = f"""
INSERT INTO statements_balance AS k (card_id, amount, currency, as_of)
SELECT card_id, balance, currency, at FROM (
    SELECT t.card_id, b.balance, t.currency, t.at,
        ROW_NUMBER() OVER (PARTITION BY t.card_id ORDER BY t.at DESC, b.row_no DESC) AS place
    FROM incoming_transaction b JOIN statements_transaction t ON t.id = b.id
    WHERE b.balance IS NOT NULL) AS told
WHERE place = 1 ORDER BY card_id {KEEP_LATER}
"""
BALANCE = (
    f"INSERT INTO statements_balance AS k (card_id, amount, currency, as_of) VALUES (%s, %s, %s, %s) {KEEP_LATER}"
)


def write_transactions(programme: Programme) -> int:
    """Write those transactions of the batch that are new; how many. Their sums and balances are not written yet.

    The database decides what is new, row by row, and waits for whoever is writing the same. Rows are taken in the
    order of the issuer's ids, sums and balances in that of their cards, so that nobody waits in a circle.
    """
    return _write(TRANSACTIONS, [programme.pk.hex])


def add_totals() -> None:
    """Add what the batch brought to the sums of its months. A new sum takes the id of its first transaction."""
    _write(TOTALS.format(uuid="uuid" if connection.vendor == "postgresql" else "text"))


def keep_balances() -> None:
    """Keep the latest balance of each card that the batch brought, unless a later one is known."""
    _write(BALANCES)


def keep_balance(*, card_id: UUID, amount: int, currency: str, as_of: datetime) -> None:
    """Keep a balance that came by itself, unless a later one is known."""
    _write(BALANCE, [card_id.hex, amount, currency, str(connection.ops.adapt_datetimefield_value(as_of))])


def _write(statement: str, parameters: Sequence[str | int] = ()) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return int(cursor.rowcount)

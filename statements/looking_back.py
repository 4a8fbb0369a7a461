"""What went before a payment, looked up by index: a few probes for each, however long the card's history is."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from statements.rules import LONG_USED, SHORT_TIME, Before
from statements.writing import NewTransaction, moment

MANY = 50
"""Payments are counted up to here."""

_LOOK = """
WITH paid (id, card_id, at, since, used_since, category) AS (VALUES {rows})
SELECT p.id,
    (SELECT COUNT(*) FROM (
        SELECT 1 FROM statements_transaction t
        WHERE t.card_id = p.card_id AND t.amount < 0 AND t.at > p.since AND t.at <= p.at LIMIT {many}) AS payments),
    p.category <> ''
    AND EXISTS (SELECT 1 FROM statements_transaction t WHERE t.card_id = p.card_id AND t.at < p.used_since)
    AND NOT EXISTS (
        SELECT 1 FROM statements_transaction t
        WHERE t.card_id = p.card_id AND t.merchant_category = p.category AND t.merchant_category <> ''
            AND t.at < p.at)
FROM paid p
"""


def look_back(rows: Sequence[NewTransaction]) -> dict[UUID, Before]:
    """Look at what went before these payments, which are written already, by one statement."""
    if not rows:
        return {}
    uuid, time = ("uuid", "timestamptz") if connection.vendor == "postgresql" else ("text", "text")
    mark = f"(CAST(%s AS {uuid}), CAST(%s AS {uuid}), {', '.join([f'CAST(%s AS {time})'] * 3)}, CAST(%s AS text))"
    values = [
        value
        for row in rows
        for value in (
            row.id.hex,
            row.card_id.hex,
            *(moment(at) for at in (row.record.at, row.record.at - SHORT_TIME, row.record.at - LONG_USED)),
            row.record.merchant_category,
        )
    ]
    with connection.cursor() as cursor:
        cursor.execute(_LOOK.format(rows=", ".join([mark] * len(rows)), many=MANY), values)
        return {UUID(str(pk)): Before(int(count), bool(new)) for pk, count, new in cursor.fetchall()}

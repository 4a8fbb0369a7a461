"""What went before a payment, looked up by index: a few probes for each, however long the card's history is."""

import json
from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from statements.models import Transaction
from statements.rules import LONG_USED, PAYMENTS, SHORT_TIME, Before

MANY = 50
"""Payments are counted up to here."""

# LIMIT 1, not EXISTS, which PostgreSQL may answer for many payments by reading the whole table once.
_LOOK = """
SELECT p.id,
    (SELECT COUNT(*) FROM (
        SELECT 1 FROM statements_transaction t
        WHERE t.card_id = p.card_id AND t.amount < 0 AND t.kind IN ({kinds}) AND t.at > p.since AND t.at <= p.at
        LIMIT {many}) AS payments),
    p.category <> ''
    AND (SELECT t.at FROM statements_transaction t WHERE t.card_id = p.card_id ORDER BY t.at LIMIT 1) < p.used_since
    AND (
        SELECT 1 FROM statements_transaction t
        WHERE t.card_id = p.card_id AND t.merchant_category = p.category AND t.merchant_category <> ''
            AND t.at < p.at LIMIT 1) IS NULL
FROM {paid} p
"""
_COLUMNS = {"id": "uuid", "card_id": "uuid", "at": "timestamptz", "since": "timestamptz", "used_since": "timestamptz"}


def look_back(rows: Sequence[Transaction]) -> dict[UUID, Before]:
    """Look at what went before these payments, which are written already, by one statement with one parameter."""
    if not rows:
        return {}
    moment = connection.ops.adapt_datetimefield_value
    paid = [
        {
            "id": row.pk.hex,
            "card_id": row.card_id.hex,
            "at": str(moment(row.at)),
            "since": str(moment(row.at - SHORT_TIME)),
            "used_since": str(moment(row.at - LONG_USED)),
            "category": row.merchant_category,
        }
        for row in rows
    ]
    kinds = ", ".join(f"'{kind.value}'" for kind in sorted(PAYMENTS))
    with connection.cursor() as cursor:
        cursor.execute(_LOOK.format(paid=_paid(), kinds=kinds, many=MANY), [json.dumps(paid)])
        return {UUID(str(pk)): Before(int(count), bool(new)) for pk, count, new in cursor.fetchall()}


def _paid() -> str:
    """The parameter as a table."""
    if connection.vendor == "postgresql":
        columns = ", ".join(f"{name} {kind}" for name, kind in (*_COLUMNS.items(), ("category", "text")))
        return f"(SELECT * FROM json_to_recordset(%s) AS given({columns}))"
    columns = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in (*_COLUMNS, "category"))
    return f"(SELECT {columns} FROM json_each(%s))"

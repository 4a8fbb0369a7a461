"""Bringing transactions in: their rows, the sums of their months and the balances, all in the caller's transaction."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from cards.importing_tables import packer, put_rows
from cards.models import Programme
from statements.models import Transaction
from statements.records import TransactionRecord
from vault.ids import new_id

KEPT = ("at", "amount", "currency", "kind", "description", "merchant_name", "merchant_category", "country")
"""What a transaction takes from its record, by the same names."""

_TOTALS = """
INSERT INTO statements_monthtotal AS t
    (id, card_id, month, currency, kind, incoming, outgoing, incoming_count, outgoing_count)
VALUES {rows} ON CONFLICT (card_id, month, currency, kind) DO UPDATE SET
    incoming = t.incoming + excluded.incoming, outgoing = t.outgoing + excluded.outgoing,
    incoming_count = t.incoming_count + excluded.incoming_count,
    outgoing_count = t.outgoing_count + excluded.outgoing_count
"""
_BALANCES = """
INSERT INTO statements_balance AS b (card_id, amount, currency, as_of)
VALUES {rows} ON CONFLICT (card_id) DO UPDATE SET
    amount = excluded.amount, currency = excluded.currency, as_of = excluded.as_of
WHERE b.as_of <= excluded.as_of
"""


class NewTransaction(NamedTuple):
    """A transaction about to be written: its id, its card's and what the issuer says of it."""

    id: UUID
    card_id: UUID
    record: TransactionRecord


def new_transaction(card_id: UUID, record: TransactionRecord) -> NewTransaction:
    return NewTransaction(new_id(), card_id, record)


def write_transactions(programme: Programme, rows: Sequence[NewTransaction]) -> None:
    """Insert transactions and what follows from them, all or none. Raises IntegrityError when one exists."""
    pack = packer()
    put_rows(
        "statements_transaction",
        ("id", "card_id", "issuer_id", *KEPT),
        (
            pack((row.id.hex, row.card_id.hex, row.record.issuer_id, moment(row.record.at), *_words(row.record)))
            for row in rows
        ),
        same={"programme_id": programme.pk.hex},
    )
    _add_totals(rows)
    keep_balances(
        (row.card_id, row.record.balance, row.record.currency, row.record.at)
        for row in rows
        if row.record.balance is not None
    )


def _words(record: TransactionRecord) -> tuple[Any, ...]:
    return tuple(getattr(record, name) for name in KEPT[1:])


def _add_totals(rows: Iterable[NewTransaction]) -> None:
    totals: defaultdict[tuple[str, date, str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in rows:
        record = row.record
        total = totals[row.card_id.hex, record.month, record.currency, record.kind]
        came_in = record.amount > 0
        total[0 if came_in else 1] += abs(record.amount)
        total[2 if came_in else 3] += 1
    # By key, so that two imports never wait for each other in a circle.
    _upsert(
        _TOTALS,
        [
            (new_id().hex, card, month.isoformat(), currency, kind, *total)
            for (card, month, currency, kind), total in sorted(totals.items())
        ],
    )


def keep_balances(told: Iterable[tuple[UUID, int, str, datetime]]) -> None:
    """Keep the balance of each card (amount, currency, as of), unless a later one is known."""
    latest: dict[str, tuple[int, str, datetime]] = {}
    for card_id, amount, currency, at in told:
        known = latest.get(card_id.hex)
        if known is None or known[2] <= at:
            latest[card_id.hex] = (amount, currency, at)
    _upsert(
        _BALANCES,
        [(card, amount, currency, moment(at)) for card, (amount, currency, at) in sorted(latest.items())],
    )


def _upsert(statement: str, rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    marks = ", ".join([f"({', '.join(['%s'] * len(rows[0]))})"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(statement.format(rows=marks), [value for row in rows for value in row])


def existing_transactions(programme: Programme, issuer_ids: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """Give what is kept of those that are there already, by the issuer's id: the card's id and the values of KEPT."""
    found = Transaction.objects.filter(programme=programme, issuer_id__in=issuer_ids)
    return {issuer_id: tuple(rest) for issuer_id, *rest in found.values_list("issuer_id", "card_id", *KEPT)}


def is_same(existing: tuple[Any, ...], card_id: UUID, record: TransactionRecord) -> bool:
    """Say whether a transaction that is there says the same."""
    return existing == (card_id, record.at, *_words(record))


def moment(at: datetime) -> str:
    """Give a moment as text that this database takes."""
    return str(connection.ops.adapt_datetimefield_value(at))

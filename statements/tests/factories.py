"""Transactions for tests, by the way they come in."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from cards.models import Card
from statements.bringing_in import bring_in
from statements.incoming import RowPacker
from statements.models import Transaction
from statements.records import TransactionRecord

_serial = iter(range(10**9))


def record(card: Card, at: datetime | None = None, amount: int = -12650, **values: Any) -> TransactionRecord:
    """What an issuer says of a purchase a minute ago; `values` are put in their place."""
    at = at or timezone.now() - timedelta(minutes=1)
    given: dict[str, Any] = {
        "card_number": "",
        "issuer_id": f"F{next(_serial):09d}",
        "at": at,
        "month": at.astimezone(card.programme.zone).date().replace(day=1),
        "amount": amount,
        "currency": "CNY",
        "balance": None,
        "kind": "purchase",
        "description": "午餐",
        "merchant_name": "面馆",
        "merchant_category": "5812",
        "country": "CN",
    }
    return TransactionRecord(**{**given, **values})


def come_in(card: Card, *records: TransactionRecord) -> list[Transaction]:
    """Bring transactions of a card in, as an import does; gives them newest first."""
    pack, index = RowPacker(), UUID(str(card.number_index)).hex
    bring_in(card.programme, [pack(n, index, one) for n, one in enumerate(records)])
    issuer_ids = [one.issuer_id for one in records]
    return list(Transaction.objects.filter(issuer_id__in=issuer_ids).order_by("-at", "-id"))


def spend(card: Card, count: int, *, since: datetime, every: timedelta = timedelta(minutes=7), **values: Any) -> None:
    """Bring in so many purchases, one `every` so often from `since` on; each is of one smallest unit more."""
    come_in(card, *(record(card, since + n * every, -1 - n, **values) for n in range(count)))

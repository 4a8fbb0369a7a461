"""Taking what an issuer's host tells of a card."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from cards.issuer_hosts import HostTransaction, host_for
from cards.models import Card
from statements.bringing_in import bring_in
from statements.importing_rows import AT_ONCE
from statements.incoming import RowPacker
from statements.models import Transaction
from statements.records import TransactionRecord, words_kept
from statements.writing import keep_balance

BACK = timedelta(days=90)
"""How far a card is asked for of which nothing is known."""
LATE = timedelta(days=3)
"""What a host books later than it happened is found this far back."""


def take_feed(*, card_id: UUID) -> int:
    """Ask the host of a card for its newer transactions and its balance, and keep them; gives how many are new.

    May run twice, also at once: the issuer's ids decide. Raises HostUnavailable; then nothing is changed.
    """
    card = Card.objects.select_related("programme").get(pk=card_id)
    host = host_for(card.programme)
    latest = Transaction.objects.of_card(card_id).order_by("-at", "-id").values_list("at", flat=True).first()
    since = latest - LATE if latest else timezone.now() - BACK
    told = sorted(host.transactions(card=card, since=since), key=lambda one: one.at)
    balance = host.balance(card=card)
    count = _bring_in(card, told)
    if balance:
        keep_balance(card_id=card_id, amount=balance.amount, currency=balance.currency, as_of=balance.as_of)
    return count


def _bring_in(card: Card, told: list[HostTransaction]) -> int:
    pack, index, new = RowPacker(), UUID(str(card.number_index)).hex, 0
    for first in range(0, len(told), AT_ONCE):
        rows = [pack(n, index, _record(card, one)) for n, one in enumerate(told[first : first + AT_ONCE])]
        new += bring_in(card.programme, rows).new
    return new


def _record(card: Card, one: HostTransaction) -> TransactionRecord:
    return TransactionRecord(
        card_number="",
        issuer_id=one.issuer_id,
        at=one.at,
        month=_month(card, one.at),
        amount=one.amount,
        currency=one.currency,
        balance=None,
        kind=one.kind,
        description=words_kept(one.description, 140),
        merchant_name=words_kept(one.merchant_name, 100),
        merchant_category=one.merchant_category,
        country=one.country,
    )


def _month(card: Card, at: datetime) -> date:
    return at.astimezone(card.programme.zone).date().replace(day=1)

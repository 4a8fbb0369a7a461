"""The embedded host's answers about transactions: what was imported."""

from collections.abc import Iterable
from datetime import datetime

from cards.issuer_hosts import HostBalance, HostTransaction, RecordsHost
from cards.models import Card
from statements.incoming import KEPT
from statements.models import Balance, Transaction


class StatementsHost(RecordsHost):
    """The records' host, in an installation that keeps statements. Takes the place of the one below, by its name."""

    def transactions(self, *, card: Card, since: datetime) -> Iterable[HostTransaction]:
        rows = Transaction.objects.of_card(card.pk).filter(at__gte=since).order_by("at", "id")
        for issuer_id, *values in rows.values_list("issuer_id", *KEPT).iterator():
            yield HostTransaction(issuer_id, *values)

    def balance(self, *, card: Card) -> HostBalance | None:
        known = Balance.objects.filter(card=card).first()
        return HostBalance(known.amount, known.currency, known.as_of) if known else None

"""An issuer's system with a feed, for tests: it knows some transactions, or is down."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.tests.factories import CardBindingFactory
from cards.issuer_hosts import HostBalance, HostTransaction, HostUnavailable, IssuerHost, Verdict
from cards.models import Card
from cards.tests.factories import CardFactory


class TellingHost(IssuerHost):
    """Tells what it `knows`, whichever card is asked for, and remembers for which and since when it was `asked`."""

    name = "telling"
    has_feed = True

    def __init__(self) -> None:
        self.knows: list[HostTransaction] = []
        self.has: HostBalance | None = None
        self.down = False
        self.asked: list[datetime] = []
        self.asked_for: list[Any] = []

    def verify(self, **_answers: Any) -> Verdict:
        raise HostUnavailable

    def transactions(self, *, card: Card, since: datetime) -> Iterable[HostTransaction]:
        self.asked.append(since)
        self.asked_for.append(card.pk)
        if self.down:
            raise HostUnavailable
        return [one for one in self.knows if one.at >= since]

    def balance(self, *, card: Card) -> HostBalance | None:
        return self.has


def told(number: int | str, at: datetime, amount: int = -100, **more: str) -> HostTransaction:
    return HostTransaction(f"H{number}", at, amount, **{"currency": "CNY", "kind": "purchase", **more})


def fed_card(programme: Any) -> Card:
    """An active card in an account."""
    bound: Card = CardBindingFactory.create(card=CardFactory.create(programme=programme, state="active")).card
    return bound

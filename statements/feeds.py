"""Asking an issuer's host for news of a card when somebody looks at it: later, by a worker, and not too often."""

from datetime import timedelta

from cards.issuer_hosts import host_for
from cards.models import Card
from messaging.enqueue import enqueue
from statements.tasks import take_feed_of
from vault.limits import Limit, take

LOOKS = Limit(
    name="feed_looks",
    sentence="A host is asked for one card once in five minutes, however often its statement is looked at.",
    tries=1,
    window=timedelta(minutes=5),
)


def has_feed(card: Card) -> bool:
    """Whether the host of a card can be asked."""
    return host_for(card.programme).has_feed


def ask_for_news(card: Card) -> bool:
    """Have the host of a card asked, if it has a feed and was not asked just now; says whether it will be."""
    if not has_feed(card):
        return False
    asked = bool(take({(LOOKS, str(card.pk)): 1})[LOOKS, str(card.pk)])
    if asked:
        enqueue(take_feed_of, str(card.pk))
    return asked

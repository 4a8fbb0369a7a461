"""What statements does later."""

import logging
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from cards.issuer_hosts import HostUnavailable
from messaging.enqueue import publish
from statements import asking, retention
from statements.taking import take_feed

logger = logging.getLogger(__name__)


@shared_task
def take_feed_of(card_id: str) -> int:
    """Take what the host tells of one card. A host that cannot be asked is asked when somebody looks again."""
    try:
        return take_feed(card_id=UUID(card_id))
    except HostUnavailable:
        logger.warning("host unavailable for the feed of card %s", card_id)
        return 0


@shared_task
def sweep_feeds() -> int:
    """Have hosts with a feed asked, each by a task of its own, for the beat; how many programmes there are.

    A task that no worker takes before the next sweep is dropped: the cards keep their turns.
    """
    programmes = asking.take_turns()
    for programme_id in programmes:
        publish(ask_host, str(programme_id), expires=asking.SECONDS)
    return len(programmes)


@shared_task
def ask_host(programme_id: str) -> int:
    """Ask the host of a programme for the cards whose turn it is, for some seconds; how many were asked for."""
    return asking.ask_in_turn(programme_id=UUID(programme_id))


@shared_task
def forget_transactions() -> int:
    """Delete alerts that are a year old and transactions of months that are three years old; how many rows went."""
    now = timezone.now()
    return retention.forget_alerts(now) + retention.forget_transactions(now)

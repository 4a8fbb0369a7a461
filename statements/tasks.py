"""What statements does later."""

import logging
from uuid import UUID

from celery import shared_task

from cards.issuer_hosts import HostUnavailable
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

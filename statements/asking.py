"""Asking issuers' hosts for news of the cards in accounts, so that alerts come without anybody looking.

Each card has its turn. A host is asked for one card after the other, as often a minute as it allows; where that is too
few, whoever has waited longest comes first.
"""

import logging
import time
from datetime import timedelta
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import CardBinding
from cards.issuer_hosts import HostUnavailable, feed_hosts, host_for
from cards.models import Programme
from messaging.leases import claim_rows
from statements.models import Feed
from statements.taking import take_feed
from vault.limits import Limit, put_back, take
from vault.sweeping import delete_in_steps

EVERY = timedelta(minutes=15)
"""How often the host is asked for a card: an alert comes a quarter of an hour after the host knows, or sooner."""
AGAIN = timedelta(minutes=1)
"""When a host that could not be asked is asked again."""
LEASE = timedelta(seconds=60)
SECONDS = 30.0
"""For one task, which ends before the next one begins."""
FEW = 10
ENROLLED_AT_ONCE = 5_000
logger = logging.getLogger(__name__)


def take_turns() -> list[UUID]:
    """Give a turn to cards that are new in accounts and take it from those that have left; the programmes asked."""
    programmes = list(Programme.objects.filter(issuer_host__in=feed_hosts()).values_list("pk", flat=True))
    if programmes:
        known = Feed.objects.filter(card_id=OuterRef("card_id"))
        bound = CardBinding.objects.live().filter(~Exists(known), card__programme_id__in=programmes)
        new = bound.values_list("card_id", "card__programme_id")[:ENROLLED_AT_ONCE]
        Feed.objects.bulk_create(
            (Feed(card_id=card_id, programme_id=programme_id) for card_id, programme_id in new), ignore_conflicts=True
        )
    delete_in_steps(Feed.objects.of_nobody().order_by("pk"))
    return programmes


def ask_in_turn(*, programme_id: UUID, seconds: float = SECONDS) -> int:
    """Ask the host of a programme, for at most about so many seconds; for how many cards it was.

    A host that cannot be asked is left alone until the next sweep.
    """
    host = host_for(Programme.objects.get(pk=programme_id))
    limit = Limit(
        name="feed_asks",
        sentence="A host is asked for as many cards a minute as it allows.",
        tries=host.feed_a_minute,
        window=timedelta(minutes=1),
    )
    rate, end, asked = (limit, str(programme_id)), time.monotonic() + seconds, 0
    while time.monotonic() < end and (allowed := take({rate: FEW})[rate]):
        turns = claim_rows(Feed.objects.of_programme(programme_id), limit=allowed, lease=LEASE)
        done = _ask(turns)
        asked += done
        put_back({rate: allowed - done})
        if done < FEW:
            break
    return asked


def _ask(turns: list[Feed]) -> int:
    """Ask for these cards, one after the other; gives for how many it was done before the host failed."""
    for n, turn in enumerate(turns):
        try:
            take_feed(card_id=turn.card_id)
        except SoftTimeLimitExceeded:
            raise
        except HostUnavailable:
            logger.warning("host unavailable for the feed of programme %s", turn.programme_id)
            _next(turns[n:], AGAIN)
            return n
        except Exception as failure:  # no message of it: it might quote the person. The others have their turn
            logger.error("feed of card %s cannot be taken: %s", turn.card_id, type(failure).__name__)
        _next([turn], EVERY)
    return len(turns)


def _next(turns: list[Feed], later: timedelta) -> None:
    held = Feed.objects.filter(pk__in=[turn.pk for turn in turns])
    held.update(next_try_at=timezone.now() + later, leased_until=None)

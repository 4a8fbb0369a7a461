"""Another way for a message that did not arrive, or may not be sent: looked for once, by its kind."""

import logging
import time
from collections.abc import Collection
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import timezone

from messaging.kinds import kind_named
from messaging.mistakes import place_of
from messaging.models import Message

logger = logging.getLogger(__name__)

BATCH = 200
SECONDS = 5.0


def look_for_another_way(message: Message) -> bool:
    """Let the message's kind queue one that says the same by another way; whether it did.

    Once a message, before its deadline, and not when it has arrived after all: one conditional UPDATE decides, and
    what the kind queues is in the same transaction.
    """
    now = timezone.now()
    with transaction.atomic():
        unreplaced = Message.objects.filter(pk=message.pk, instead_at=None, delivered_at=None, deadline__gt=now)
        if not unreplaced.update(instead_at=now):
            return False
        kind = kind_named(message.kind)
        return bool(kind and kind.instead and kind.instead(message))


def look_for_other_ways(*, seconds: float = SECONDS) -> int:
    """Do so for the messages that failed or are held up, and that nobody has done it for, the most pressing first, for
    at most about so many seconds; how many go another way.

    So dead letters come here, and what a worker has left that died between its mark and the next statement. One that
    cannot be replaced is left for the next call, and the others do not wait for it.
    """
    end, replaced, broken = time.monotonic() + seconds, 0, list[UUID]()
    while batch := _to_replace(broken):
        for message in batch:
            try:
                replaced += look_for_another_way(message)
            except SoftTimeLimitExceeded:
                raise
            except Exception as mistake:
                logger.error("no other way for message %s: %s", message.pk, place_of(mistake))
                broken.append(message.pk)
            if time.monotonic() >= end:
                return replaced
    return replaced


def _to_replace(broken: Collection[UUID]) -> list[Message]:
    now = timezone.now()
    for these in (Message.objects.failed(), Message.objects.held_up(now)):
        if batch := list(these.unreplaced(now).exclude(pk__in=broken).order_by("deadline")[:BATCH]):
            return batch
    return []

"""Another way for a message that did not arrive, or may not be sent: looked for once, by its kind."""

import logging

from django.db import transaction
from django.utils import timezone

from messaging.kinds import kind_named
from messaging.mistakes import place_of
from messaging.models import Message

logger = logging.getLogger(__name__)

BATCH = 200


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


def look_for_other_ways() -> int:
    """Do so for the failed messages that nobody has done it for; how many go another way.

    So dead letters come here, and what a worker has left that died between its mark and the next statement.
    """
    replaced = 0
    for message in Message.objects.failed().unreplaced(timezone.now())[:BATCH]:
        try:
            replaced += look_for_another_way(message)
        except Exception as mistake:  # one that cannot be replaced must not keep the others waiting
            logger.error("no other way for message %s: %s", message.pk, place_of(mistake))
    return replaced

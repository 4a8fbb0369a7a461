"""Writing down that a gateway has messages: in one statement, however many of them its one answer was for."""

from collections.abc import Sequence

from django.db import connection, transaction
from django.utils import timezone

from messaging.answers import Taken
from messaging.models import Message
from vault.arrays import array

# The conditions are those of `Message.objects.waiting()`. Sub-selects, so that PostgreSQL does not count the arrays:
# for five hundred ids it would read a table of ten thousand messages as a whole.
MARK_ALL = """
    UPDATE messaging_message
    SET sent_at = %s, leased_until = NULL, failure = '',
        gateway = taken.gateway, provider_id = taken.provider_id, destination = taken.destination,
        next_poll_at = taken.next_poll_at
    FROM unnest((SELECT %s::uuid[]), (SELECT %s::text[]), (SELECT %s::text[]), (SELECT %s::text[]),
                (SELECT %s::timestamptz[]))
        AS taken (id, gateway, provider_id, destination, next_poll_at)
    WHERE messaging_message.id = taken.id AND sent_at IS NULL AND dropped_at IS NULL AND dead_at IS NULL
"""
LONGEST_ID = Message._meta.get_field("provider_id").max_length


def mark_taken(taken: Sequence[tuple[Message, Taken]]) -> None:
    """Mark messages as sent, whoever holds them now."""
    if not taken:
        return
    if connection.vendor == "postgresql":
        _mark_all(taken)
        return
    with transaction.atomic():
        for message, answer in taken:
            Message.objects.waiting().filter(pk=message.pk).update(
                sent_at=timezone.now(),
                leased_until=None,
                failure="",
                gateway=answer.gateway,
                provider_id=answer.provider_id[:LONGEST_ID],
                destination=answer.destination,
                next_poll_at=answer.next_poll_at,
            )


def _mark_all(taken: Sequence[tuple[Message, Taken]]) -> None:
    columns: list[list[str | None]] = [
        [message.pk.hex for message, _answer in taken],
        [answer.gateway for _message, answer in taken],
        [answer.provider_id[:LONGEST_ID] for _message, answer in taken],
        [answer.destination for _message, answer in taken],
        [answer.next_poll_at.isoformat() if answer.next_poll_at else None for _message, answer in taken],
    ]
    with connection.cursor() as cursor:
        cursor.execute(MARK_ALL, [timezone.now(), *map(array, columns)])

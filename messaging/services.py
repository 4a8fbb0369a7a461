"""Putting a message into the outbox, keeping what comes back, and trying again what could not be sent."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from messaging.enqueue import enqueue
from messaging.models import Message, Receipt
from messaging.tasks import QUEUES, deliver_messages
from vault.ids import new_id


def queue_message(
    *,
    kind: str,
    channel: str,
    subject_id: UUID,
    contact_index: UUID,
    to_masked: str,
    language: str,
    deadline: datetime,
    programme_code: str = "",
    idempotency_key: str | None = None,
    urgent: bool = True,
    in_place_of: UUID | None = None,
) -> Message:
    """Write the message into the outbox, inside the caller's transaction; after the commit it goes out.

    After `deadline` it is dropped instead of sent late. A second call with the same `idempotency_key` changes nothing
    and answers the first message. `urgent` means that somebody waits for it: a worker is told at once, on the queue
    `urgent`; others wait for the sweep, so that a hundred thousand invitations delay no code. `in_place_of` is the
    message that did not arrive, which this one stands in for.
    """
    new = new_id()
    message = Message(
        id=new,
        kind=kind,
        channel=channel,
        urgent=urgent,
        subject_id=subject_id,
        programme_code=programme_code,
        contact_index=contact_index,
        to_masked=to_masked,
        language=language,
        idempotency_key=idempotency_key or str(new),
        deadline=deadline,
        in_place_of=in_place_of,
    )
    if idempotency_key is None:
        message.save(force_insert=True)
    else:
        Message.objects.bulk_create([message], ignore_conflicts=True)
        message = Message.objects.get(idempotency_key=idempotency_key)
    if urgent:
        enqueue(deliver_messages, message.channel, True, queue=QUEUES[True])
    return message


def keep_receipt(*, gateway: str, content_type: str, body: bytes) -> Receipt:
    """Keep what a gateway said, as it came; the sweep has a worker look at it. Bytes that are no UTF-8 are escaped."""
    return Receipt.objects.create(
        gateway=gateway, content_type=content_type[:100], body=body.decode(errors="backslashreplace")
    )


class NothingToRetry(Exception):
    """The message is no dead letter, or not any more; or its deadline has passed."""


def retry_message(*, message_id: UUID) -> None:
    """Put a dead letter back into the outbox, as if it had never been tried. Raises NothingToRetry.

    `messaging.retrying` tells first which ones would end the same way; sending looks at the country once more.
    """
    now = timezone.now()
    dead = Message.objects.dead().filter(pk=message_id, deadline__gt=now)
    with transaction.atomic():
        retried = dead.update(dead_at=None, tries=0, next_try_at=now, leased_until=None, failure="")
        if retried:
            channel, urgent = Message.objects.values_list("channel", "urgent").get(pk=message_id)
            enqueue(deliver_messages, channel, urgent, queue=QUEUES[urgent])
    if not retried:
        raise NothingToRetry

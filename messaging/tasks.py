"""Sending what waits in the outbox: soon after it was written, and again by the beat for whatever was missed."""

import time

from celery import shared_task
from django.db.models import QuerySet
from django.utils import timezone

from messaging import instead, polling, receipts, retention
from messaging.breaker import look_at_prefixes
from messaging.delivery import LIMIT, deliver_due
from messaging.enqueue import publish
from messaging.leases import due, is_any
from messaging.models import Message, Receipt

QUEUES = {True: "urgent", False: "bulk"}
BY_GATEWAYS = [channel for channel in Message.Channel.values if channel != Message.Channel.LETTER]
"""Letters wait until they are exported to be printed."""
SECONDS_AT_ONCE = 10.0
SECONDS_A_CHANNEL = 3.0
ANSWERED_WITHIN = 38.0  # seconds of a task in which its last call has answered, below the worker's soft limit
HINT_EXPIRES = 10.0  # a hint that no worker took in time is worth nothing: the next sweep gives another
WORKERS_AT_ONCE = 4  # as many hints a sweep gives for one channel, so that several share what is due


@shared_task(ignore_result=True)
def deliver_messages(channel: str, urgent: bool) -> None:
    """Send the due messages of this urgency, those of this channel first, then the others', a few seconds each: a slow
    gateway keeps no channel but its own waiting. When time is up, let the next task go on."""
    end = time.monotonic() + ANSWERED_WITHIN
    for each in sorted(BY_GATEWAYS, key=lambda other: other != channel):
        if is_any(_due(each, urgent)) and deliver_due(each, urgent=urgent, seconds=SECONDS_A_CHANNEL, answered_by=end):
            publish(deliver_messages, each, urgent, queue=QUEUES[urgent], expires=HINT_EXPIRES)


@shared_task(ignore_result=True)
def sweep_messages() -> None:
    """Tell workers what is due: lost pings, second tries, rows of dead workers, and all that is not urgent."""
    for channel in BY_GATEWAYS:
        for urgent in (True, False):
            for number in range(WORKERS_AT_ONCE):
                if not is_any(_due(channel, urgent), beyond=number * LIMIT[urgent]):
                    break
                publish(deliver_messages, channel, urgent, queue=QUEUES[urgent], expires=HINT_EXPIRES)


def _due(channel: str, urgent: bool) -> QuerySet[Message]:
    waiting = Message.objects.waiting().filter(due(timezone.now()), channel=channel, urgent=urgent)
    return waiting.order_by("next_try_at")


@shared_task(ignore_result=True)
def trip_prefixes() -> None:
    """Stop sending to countries whose codes nobody uses, for the beat every minute."""
    look_at_prefixes()


@shared_task(ignore_result=True)
def handle_receipts() -> None:
    """Look at what gateways have told; when time is up, let the next task go on."""
    if receipts.handle_due(seconds=SECONDS_AT_ONCE):
        publish(handle_receipts, expires=HINT_EXPIRES)


@shared_task(ignore_result=True)
def poll_messages() -> None:
    """Ask gateways what became of messages; when time is up, let the next task go on."""
    if polling.poll_due(seconds=SECONDS_AT_ONCE):
        publish(poll_messages, expires=HINT_EXPIRES)


@shared_task(ignore_result=True)
def sweep_outcomes() -> None:
    """Tell workers what there is to learn about messages that were sent; let failed ones go another way."""
    now = timezone.now()
    if is_any(Receipt.objects.waiting().filter(due(now)).order_by("next_try_at")):
        publish(handle_receipts, expires=HINT_EXPIRES)
    if any(is_any(Message.objects.to_poll(now, urgent=urgent).order_by("next_poll_at")) for urgent in (True, False)):
        publish(poll_messages, expires=HINT_EXPIRES)
    instead.look_for_other_ways()


@shared_task
def forget_messages() -> int:
    """Delete messages that are 90 days old; how many went."""
    return retention.forget_messages(timezone.now()) + retention.forget_notices(timezone.now())


@shared_task
def forget_receipts() -> int:
    """Delete raw receipts that are 30 days old; how many went."""
    return retention.forget_receipts(timezone.now())

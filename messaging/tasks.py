"""Sending what waits in the outbox: soon after it was written, and again by the beat for whatever was missed."""

from celery import shared_task
from django.utils import timezone

from messaging import instead, polling, receipts, retention
from messaging.breaker import look_at_prefixes
from messaging.delivery import deliver_due
from messaging.enqueue import publish
from messaging.leases import due
from messaging.models import Message, Receipt

QUEUES = {True: "codes", False: "celery"}
BY_GATEWAYS = [channel for channel in Message.Channel.values if channel != Message.Channel.LETTER]
"""Letters wait until they are exported to be printed."""
SECONDS_AT_ONCE = 10.0  # with the longest send on top still below the worker's soft limit
SWEEP_EXPIRES = 60.0  # a sweep's hint that no worker took in time is worth nothing: the next sweep gives another


@shared_task(ignore_result=True)
def deliver_messages(channel: str, urgent: bool) -> None:
    """Send the due messages of this channel and urgency; when time is up, let the next task go on."""
    if deliver_due(channel, urgent=urgent, seconds=SECONDS_AT_ONCE):
        publish(deliver_messages, channel, urgent, queue=QUEUES[urgent])


@shared_task(ignore_result=True)
def sweep_messages() -> None:
    """Tell workers what is due: lost pings, second tries, rows of dead workers, and all that is not urgent."""
    waiting = Message.objects.waiting().filter(due(timezone.now()))
    for channel in BY_GATEWAYS:
        for urgent in (True, False):
            if waiting.filter(channel=channel, urgent=urgent).exists():
                publish(deliver_messages, channel, urgent, queue=QUEUES[urgent], expires=SWEEP_EXPIRES)


@shared_task(ignore_result=True)
def trip_prefixes() -> None:
    """Stop sending to countries whose codes nobody uses, for the beat every minute."""
    look_at_prefixes()


@shared_task(ignore_result=True)
def handle_receipts() -> None:
    """Look at what gateways have told; when time is up, let the next task go on."""
    if receipts.handle_due(seconds=SECONDS_AT_ONCE):
        publish(handle_receipts)


@shared_task(ignore_result=True)
def poll_messages() -> None:
    """Ask gateways what became of messages; when time is up, let the next task go on."""
    if polling.poll_due(seconds=SECONDS_AT_ONCE):
        publish(poll_messages)


@shared_task(ignore_result=True)
def sweep_outcomes() -> None:
    """Tell workers what there is to learn about messages that were sent; let failed ones go another way."""
    if Receipt.objects.waiting().filter(due(timezone.now())).exists():
        publish(handle_receipts, expires=SWEEP_EXPIRES)
    if Message.objects.to_poll(timezone.now()).exists():
        publish(poll_messages, expires=SWEEP_EXPIRES)
    instead.look_for_other_ways()


@shared_task
def forget_messages() -> int:
    """Delete messages that are 90 days old; how many went."""
    return retention.forget_messages(timezone.now()) + retention.forget_notices(timezone.now())


@shared_task
def forget_receipts() -> int:
    """Delete raw receipts that are 30 days old; how many went."""
    return retention.forget_receipts(timezone.now())

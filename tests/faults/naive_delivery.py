"""Ways to send that look good until something breaks: `celery -A tests.faults.naive_delivery`."""

import time
from datetime import timedelta
from uuid import UUID

import django
from django.utils import timezone

from portal.celery import app

__all__ = ["app"]

app.conf.worker_prefetch_multiplier = 4  # Celery's own default

django.setup()

from messaging.gateways.chosen import gateways_for  # noqa: E402  (needs the models)
from messaging.gateways.gateway import GatewayUnavailable, Sms  # noqa: E402
from messaging.leases import claim  # noqa: E402
from messaging.models import Message  # noqa: E402
from messaging.preparing import prepare  # noqa: E402


def send(message: Message) -> None:
    parcel = prepare([message])[message.pk]
    if isinstance(parcel, Sms):
        with gateways_for(message.channel)[0] as gateway:
            gateway.send(parcel)


@app.task(name="naive.mark_first")
def mark_first() -> None:
    """Claim some, mark them as sent, and send them: nobody else will ever take them for unsent."""
    while ids := claim(Message.objects.waiting(), limit=50, lease=timedelta(minutes=1)):
        Message.objects.filter(pk__in=ids).update(sent_at=timezone.now(), leased_until=None)
        for message in Message.objects.filter(pk__in=ids):
            send(message)


@app.task(name="naive.one_task_a_message")
def one_task_a_message(message_id: str) -> None:
    """Late acknowledgement alone: what a killed worker held comes back after the broker's visibility timeout."""
    message = Message.objects.get(pk=UUID(message_id))
    if message.sent_at is None:
        send(message)
        Message.objects.filter(pk=message.pk).update(sent_at=timezone.now())


@app.task(name="naive.keep_trying")
def keep_trying(message_id: str) -> None:
    """Made once and tried until it is taken, whatever it costs and whenever that is."""
    message = Message.objects.get(pk=UUID(message_id))
    parcel = prepare([message])[message.pk]
    with gateways_for(message.channel)[0] as gateway:
        while isinstance(parcel, Sms) and message.sent_at is None:
            try:
                gateway.send(parcel)
                message.sent_at = timezone.now()
            except GatewayUnavailable:
                time.sleep(0.2)
    message.save()

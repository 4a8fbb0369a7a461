"""Several workers at one outbox on PostgreSQL: every message is sent once, and a dead worker's are sent by another."""

import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from messaging import delivery
from messaging.gateways.chosen import gateways_for
from messaging.leases import claim
from messaging.models import Message
from messaging.preparing import prepare
from messaging.tests.factories import make_messages
from tests.services.sms import SmsGateway

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 4
MESSAGES = 240


def at_once(work: Callable[[], None]) -> None:
    """Run the same work in several threads that start together, each with a database connection of its own."""
    start = threading.Barrier(WORKERS)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            start.wait()
            work()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def keys(gateway: SmsGateway) -> Counter[str]:
    return Counter(post.body["idempotency_key"] for post in gateway.all())


def test_four_workers_at_once_send_every_message_once(postgres: str, http_sms: SmsGateway) -> None:
    messages = make_messages(MESSAGES)
    at_once(lambda: assert_done(delivery.deliver_due("sms", urgent=True, seconds=30)))
    assert keys(http_sms) == Counter(message.idempotency_key for message in messages)
    assert not Message.objects.waiting().exists()
    assert set(Message.objects.values_list("tries", flat=True)) == {1}


def assert_done(more: bool) -> None:
    assert more is False


def test_reading_and_then_sending_would_send_twice(postgres: str, http_sms: SmsGateway) -> None:
    """The twin without a claim: what the protection is for."""
    make_messages(20)
    all_have_looked = threading.Barrier(WORKERS)

    def naive() -> None:
        with gateways_for("sms")[0] as gateway:
            found = list(Message.objects.waiting())
            all_have_looked.wait(timeout=30)
            for message in found:
                gateway.send(prepare([message])[message.pk])
                Message.objects.filter(pk=message.pk).update(sent_at=timezone.now())

    at_once(naive)
    assert set(keys(http_sms).values()) == {WORKERS}


def test_claims_at_once_share_no_row_and_take_no_more_than_their_limit(postgres: str) -> None:
    make_messages(MESSAGES)
    taken: list[list[object]] = []
    at_once(lambda: taken.append(claim(Message.objects.waiting(), limit=70, lease=timedelta(minutes=1))))
    everything = [pk for ids in taken for pk in ids]
    assert len(everything) == len(set(everything)) and max(map(len, taken)) <= 70
    assert len(everything) >= 200


def test_a_killed_worker_s_messages_are_sent_by_another_with_the_same_key_and_text(
    postgres: str, http_sms: SmsGateway
) -> None:
    make_messages(5)
    http_sms.behaviour = "hang"
    environment = os.environ | {"DATABASE_URL": postgres, "SMS_URL": http_sms.url, "PORTAL_MODE": "development"}
    command = [sys.executable, "-m", "messaging.tests.deliverer"]
    worker = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment)
    try:
        (first,) = http_sms.wait_for(1, seconds=30)
    finally:
        worker.kill()
        worker.wait()
    http_sms.release()
    http_sms.behaviour = 200
    held = Message.objects.exclude(leased_until=None)
    assert held.count() == 5, "the dead worker held them"
    Message.objects.update(leased_until=timezone.now())  # as if its lease had run out
    delivery.deliver_due("sms", urgent=True, seconds=10)
    assert not Message.objects.waiting().exists()
    posts = http_sms.all()
    assert len(posts) == 6
    assert [post.body for post in posts].count(first.body) == 2

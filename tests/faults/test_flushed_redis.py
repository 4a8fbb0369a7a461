"""Redis forgets everything while codes are on their way: none is lost, and no counter has changed."""

import time
from datetime import timedelta

import pytest
from celery import Celery

from demo.carrier.conduct import Conduct
from demo.carrier.server import Carrier
from messaging.models import Message, Tally
from tests.faults.codes import outcome, queue_codes
from tests.faults.conftest import Note
from tests.faults.test_killed_workers import one_task_a_message, until_quiet
from tests.faults.workers import Workers
from tests.protections.story import until
from tests.services.installation import Installation
from tests.services.redis import RedisServer
from vault import limits
from vault.limits import Limit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("postgres")]

GUESSES = Limit(name="guesses", sentence="Five guesses in an hour", tries=5, window=timedelta(hours=1))
QUICK = "tests.faults.quick"


def test_a_flushed_redis_loses_no_code_and_changes_no_counter(
    installation: Installation, redis_server: RedisServer, carrier: Carrier, full: bool, note: Note
) -> None:
    count = 1000 if full else 300
    carrier.conduct = Conduct(seed=7, latency=0.02)
    for _guess in range(3):
        limits.count(GUESSES, "6200")
    queue_codes(count)
    application = "portal" if full else QUICK
    with installation.beat_of(application), Workers(installation, application):
        until(lambda: len(carrier.ledger.taken()) > count // 10)
        for _flush in range(3):
            redis_server.client().flushall()
            time.sleep(0.5)
        in_flight = count - len(carrier.ledger.taken())
        until(lambda: not Message.objects.waiting().exists(), seconds=90)
    seen = outcome(carrier)
    counted = Tally.objects.get(name="sends", label="sent").value
    note(f"flushed three times, then {in_flight} in flight: {seen}; {counted:.0f} counted")
    assert (seen.messages, seen.lost, seen.wrong, seen.doubled) == (count, 0, 0, 0)
    assert limits.count(GUESSES, "6200").left == 1
    assert counted == count


def test_a_message_that_is_a_task_and_a_counter_in_redis_are_gone(
    installation: Installation, redis_server: RedisServer, carrier: Carrier, note: Note
) -> None:
    """The twin: the queue holds the messages, and Redis the counters."""
    carrier.conduct = Conduct(seed=7, latency=0.04)
    queue_codes(200)
    redis_server.client().incrby("guesses", 3)
    with Celery("naive", broker=installation.environment["REDIS_URL"], set_as_current=False) as naive:
        one_task_a_message(naive)
    with Workers(installation, "tests.faults.naive_delivery", count=1):
        until(lambda: len(carrier.ledger.taken()) > 20)
        redis_server.client().flushall()
        until_quiet(carrier)
    seen = outcome(carrier)
    note(f"{seen}")
    assert seen.lost > 0
    assert redis_server.client().get("guesses") is None

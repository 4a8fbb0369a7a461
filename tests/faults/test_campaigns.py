"""A campaign of messages waits, its gateway is slow, and somebody asks for a code meanwhile."""

import time
from collections.abc import Sequence
from contextlib import ExitStack

import pytest
from celery import Celery

from demo.carrier.conduct import Conduct
from demo.carrier.server import Carrier
from messaging.models import Message
from tests.faults.codes import queue_codes
from tests.faults.conftest import Note
from tests.protections.story import until
from tests.services.installation import Installation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("postgres")]

CODES = 4
WITHIN = 2.0


def longest_wait(
    installation: Installation, carrier: Carrier, *, application: str, workers: Sequence[str], told_by: str, count: int
) -> float:
    """How long the slowest of a few codes waits for its gateway, in seconds, while the campaign is under way.

    `workers` are the queues of each worker; `told_by` is the queue on which a code's own hint comes.
    """
    carrier.conduct = Conduct(seed=7, latency=0.3)
    queue_codes(count, urgent=False, minutes=60)
    waits = []
    with (
        ExitStack() as running,
        Celery("asking", broker=installation.environment["REDIS_URL"], set_as_current=False) as asking,
    ):
        for queues in workers:
            running.enter_context(installation.worker_of(application, queues, queues=queues))
        running.enter_context(installation.beat_of(application))
        until(lambda: len(carrier.ledger.taken()) > 10)
        for _code in range(CODES):
            time.sleep(1.3)
            queue_codes(1)
            start = time.monotonic()
            asking.send_task("messaging.tasks.deliver_messages", ["sms", True], queue=told_by)
            until(lambda: not Message.objects.waiting().filter(urgent=True).exists())
            waits.append(time.monotonic() - start)
        assert Message.objects.waiting().filter(urgent=False).exists(), "the campaign was over"
    return max(waits)


def test_a_code_waits_for_no_campaign(installation: Installation, carrier: Carrier, full: bool, note: Note) -> None:
    count = 20_000 if full else 2_000
    queues = ["codes", "urgent", "bulk", "celery"] if full else ["codes,urgent", "bulk,celery"]
    wait = longest_wait(
        installation, carrier, application="tests.faults.quick", workers=queues, told_by="urgent", count=count
    )
    note(f"{count} messages of a campaign at 0.3 s each: a code waits {wait:.1f} s at most")
    assert wait < WITHIN


def test_with_one_queue_for_all_it_would_wait(installation: Installation, carrier: Carrier, note: Note) -> None:
    wait = longest_wait(
        installation, carrier, application="tests.faults.one_queue", workers=["celery"], told_by="celery", count=2_000
    )
    note(f"a code waits {wait:.1f} s")
    assert wait > WITHIN

"""Workers are killed while they send: no code is lost, and whoever gets one twice gets the same one twice."""

import time
from collections.abc import Callable
from random import Random

import pytest
from celery import Celery
from django.utils import timezone

from demo.carrier.conduct import Conduct
from demo.carrier.server import Carrier
from messaging.models import Message
from tests.faults.codes import outcome, queue_codes
from tests.faults.conftest import Note
from tests.faults.workers import Workers
from tests.protections.story import until
from tests.services.installation import Installation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("postgres")]

SEED = 20_261_126
SETTLED_WITHIN = 120.0


def play(
    installation: Installation, workers: Workers, carrier: Carrier, *, kills: int, seconds: float, beat: str
) -> float:
    """Kill so many processes at random moments within so many seconds; how long it took to settle after the last."""
    random = Random(SEED)
    with installation.beat_of(beat), workers:
        moments = sorted(random.uniform(0, seconds) for _kill in range(kills))
        start = time.monotonic()
        for moment in moments:
            time.sleep(max(0.0, start + moment - time.monotonic()))
            workers.kill_one(random)
        last = time.monotonic()
        while Message.objects.waiting().exists() and time.monotonic() < last + SETTLED_WITHIN:
            time.sleep(0.2)
        return time.monotonic() - last


def test_no_code_is_lost_and_a_killed_process_doubles_one_at_most(
    installation: Installation, carrier: Carrier, full: bool, note: Note
) -> None:
    count, kills, seconds = (10_000, 50, 90.0) if full else (600, 6, 8.0)
    carrier.conduct = Conduct(seed=7, latency=0.02 if full else 0.04)
    queue_codes(count)
    application = "portal" if full else "tests.faults.quick"
    workers = Workers(installation, application)
    settled = play(installation, workers, carrier, kills=kills, seconds=seconds, beat=application)
    seen = outcome(carrier)
    note(f"{count} codes, {kills} kills: {seen}; settled {settled:.0f} s after the last kill")
    assert settled < SETTLED_WITHIN
    assert (seen.messages, seen.lost, seen.wrong) == (count, 0, 0)
    assert seen.doubled <= kills
    assert Message.objects.filter(sent_at__lte=timezone.now()).count() == count


def mark_first(naive: Celery) -> None:
    for _worker in range(4):
        naive.send_task("naive.mark_first", queue="codes")


def one_task_a_message(naive: Celery) -> None:
    for pk in Message.objects.values_list("pk", flat=True):
        naive.send_task("naive.one_task_a_message", [str(pk)], queue="codes")


@pytest.mark.parametrize("publish", [mark_first, one_task_a_message])
def test_without_claims_and_marks_in_this_order_codes_are_lost(
    installation: Installation, carrier: Carrier, note: Note, publish: Callable[[Celery], None]
) -> None:
    """The twins: mark a batch before it is sent; or trust the broker, with one task a message and late acks."""
    carrier.conduct = Conduct(seed=7, latency=0.04)
    queue_codes(200)
    with Celery("naive", broker=installation.environment["REDIS_URL"], set_as_current=False) as naive:
        publish(naive)
    with Workers(installation, "tests.faults.naive_delivery", count=1) as workers:
        until(lambda: len(carrier.ledger.taken()) > 20)
        for pid in reversed(workers.processes()):
            workers.kill(pid)
        until_quiet(carrier)
    seen = outcome(carrier)
    note(f"{seen}")
    assert seen.lost > 0


def until_quiet(carrier: Carrier) -> None:
    """Wait until nothing has come for three seconds."""
    came, since = len(carrier.ledger.calls()), time.monotonic()
    while time.monotonic() < since + 3:
        time.sleep(0.2)
        if len(carrier.ledger.calls()) > came:
            came, since = len(carrier.ledger.calls()), time.monotonic()

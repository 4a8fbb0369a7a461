"""Redis is killed, and frozen, while people come: no page breaks or hangs, and all messages go out when it is back."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

import pytest

from accounts.models import CodeRequest
from activation.models import ActivationAttempt
from demo.carrier.conduct import Conduct
from demo.carrier.server import Carrier
from messaging.models import Message
from tests.faults.codes import make_holders, queue_codes
from tests.faults.conftest import Note
from tests.faults.journeys import Log, Person, people
from tests.faults.workers import Workers
from tests.protections.story import until
from tests.services.installation import Installation
from tests.services.redis import RedisServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("postgres")]

Fault = Callable[[RedisServer], AbstractContextManager[None]]
FAULTS = pytest.mark.parametrize("fault", [RedisServer.down, RedisServer.frozen], ids=["killed", "frozen"])
P95 = 0.8
SENT_WITHIN = 60.0
NAIVE = "tests.faults.naive_wsgi:application"


@FAULTS
def test_without_redis_people_go_on_and_their_messages_come_when_it_is_back(
    installation: Installation, redis_server: RedisServer, carrier: Carrier, full: bool, note: Note, fault: Fault
) -> None:
    seconds, rate = (60.0, 10.0) if full else (6.0, 3.0)
    count = int(rate * (seconds + 4)) // 2
    holders, log = make_holders(2 * count), Log()
    persons = [Person(installation.web.port, number, log) for number in range(2 * count)]
    journeys = [
        step
        for person, other, holder, second in zip(
            persons[:count], persons[count:], holders[:count], holders[count:], strict=True
        )
        for step in (partial(person.ask_for_a_code, holder), partial(other.activate, second))
    ]
    with Workers(installation, "portal") as workers, installation.beat, installation.web:
        with people(rate, journeys):
            time.sleep(2)
            gone = time.monotonic()
            with fault(redis_server):
                time.sleep(seconds)
            back = time.monotonic()
        while any(left(count).values()) and time.monotonic() < back + SENT_WITHIN:
            time.sleep(0.2)
        sent, remaining = time.monotonic() - back, left(count)
        assert workers.all_live(), "the workers that were there have gone on"
    during = log.where(lambda asked: gone < asked.at < back)
    note(
        f"{rate:.0f} journeys a second, {seconds:.0f} s: {during.statuses()}, p95 {during.p95() * 1000:.0f} ms, "
        f"longest {during.longest():.1f} s; {Message.objects.count()} messages sent {sent:.0f} s after it was back"
    )
    assert not any(remaining.values()), remaining
    assert set(log.statuses()) == {200, 303}
    assert during.p95() <= (P95 if full else 3.0), "the short form may share its machine"
    wanted = {holder["phone"] for holder in holders}
    assert wanted <= {call.body["to"] for call in carrier.ledger.taken()}


def left(count: int) -> dict[str, int]:
    """What is still to be done: everybody who asked gets a code, everybody who has activated a card is told so."""
    return {
        "verdicts": count - ActivationAttempt.objects.exclude(verdict_at=None).count(),
        "requests": CodeRequest.objects.filter(handled_at=None).count(),
        "messages": Message.objects.waiting().filter(channel="sms").count(),
    }


@FAULTS
def test_publishing_as_celery_does_by_itself_breaks_pages_or_holds_them(
    installation: Installation, redis_server: RedisServer, note: Note, fault: Fault
) -> None:
    """The twin: the same portal with `delay_on_commit` and no timeouts of its own."""
    holders, log = make_holders(4), Log()
    with installation.web_of(NAIVE, NAIVE="publish as Celery does") as web, fault(redis_server):
        for number, holder in enumerate(holders):
            person = Person(web.port, number, log, patience=4.0)
            person.open("/code/new/")
            person.send(person.form() | {"card_number": holder["number"], "contact": holder["phone"]})
    broken = log.where(lambda asked: asked.status in (0, 500))
    note(f"{log.statuses()}, {len(broken)} of {len(holders)} broken or not answered in 4 s")
    assert len(broken) == len(holders)


def lose_redis_at_work(installation: Installation, redis: RedisServer, carrier: Carrier, workers: Workers) -> None:
    """Kill Redis while the only worker has one task, so that it also waits for another; and start it again."""
    carrier.conduct = Conduct(seed=7, latency=6.0)
    queue_codes(1)
    with installation.beat_of("tests.faults.quick") as beat:
        until(lambda: b"deliver_messages[" in workers.workers[0].log.read_bytes())
        beat.kill()  # told to stop, it might take as long as the task
    time.sleep(1)
    with redis.down():
        time.sleep(1)


def test_a_worker_at_a_task_when_redis_goes_is_at_work_again_when_it_is_back(
    installation: Installation, redis_server: RedisServer, carrier: Carrier
) -> None:
    with Workers(installation, "tests.faults.quick", count=1) as workers:
        lose_redis_at_work(installation, redis_server, carrier, workers)
        queue_codes(1)
        with installation.beat_of("tests.faults.quick"):
            until(lambda: len(carrier.ledger.taken()) == 2, seconds=60)


def test_with_its_connection_closed_as_kombu_does_it_that_worker_ends(
    installation: Installation, redis_server: RedisServer, carrier: Carrier
) -> None:
    """The twin. When Kombu has mended this, our own closing can go."""
    with Workers(installation, "tests.faults.kombu_as_it_is", count=1) as workers:
        lose_redis_at_work(installation, redis_server, carrier, workers)
        until(lambda: not workers.all_live())

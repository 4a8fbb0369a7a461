"""The gateway is down, slow, full, or hangs up without an answer: people do not notice, nothing is sent too late, and
the gateway is not beaten while it is down."""

import time
from datetime import datetime, timedelta
from functools import partial

import pytest
from celery import Celery
from django.db.models import Sum
from django.utils import timezone

from demo.carrier.conduct import Trouble
from demo.carrier.server import Carrier
from messaging.models import Message
from tests.faults.codes import make_holders, queue_codes
from tests.faults.conftest import Note
from tests.faults.journeys import Log, Person, people
from tests.faults.workers import Workers
from tests.protections.story import until
from tests.services.installation import Installation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("postgres")]

CALLS_A_MESSAGE = 3
SHORT: dict[Trouble, float] = {"refuse": 6, "429": 4, "close": 4, "slow": 4}
FULL: dict[Trouble, float] = {"refuse": 600, "429": 60, "close": 60, "slow": 60}
SOON = 0.05
"""Minutes that a code lives which is too old before the gateway is back."""


def too_late(carrier: Carrier, begun: datetime) -> int:
    """How many messages the carrier took after their deadline."""
    deadlines = dict(Message.objects.values_list("idempotency_key", "deadline"))
    return sum(begun + timedelta(seconds=call.at) > deadlines[call.key] for call in carrier.ledger.taken())


def test_whatever_the_gateway_does_people_go_on_and_nothing_comes_too_late(
    installation: Installation, carrier: Carrier, full: bool, note: Note
) -> None:
    begun = timezone.now()
    troubles, rate = (FULL, 3.0) if full else (SHORT, 2.0)
    seconds, log = sum(troubles.values()), Log()
    holders = make_holders(int(rate * seconds))
    persons = [Person(installation.web.port, number, log) for number in range(len(holders))]
    journeys = [partial(person.ask_for_a_code, holder) for person, holder in zip(persons, holders, strict=True)]
    application = "portal" if full else "tests.faults.quick"
    carrier.begin("refuse")
    with installation.beat_of(application), Workers(installation, application), installation.web:
        queue_codes(20, minutes=SOON)
        until(lambda: Message.objects.filter(dropped_at__isnull=False).count() == 20, seconds=60)
        carrier.end_trouble()
        with people(rate, journeys):
            for trouble, lasts in troubles.items():
                with carrier.outage(trouble):
                    time.sleep(lasts)
        back = time.monotonic()
        until(lambda: not Message.objects.waiting().filter(channel="sms").exists(), seconds=120)
        settled = time.monotonic() - back
    texts = Message.objects.filter(channel="sms")
    tries = texts.aggregate(tries=Sum("tries"))["tries"]
    count, calls, late = texts.count(), len(carrier.ledger.calls()), too_late(carrier, begun)
    dropped = texts.filter(dropped_at__isnull=False).count()
    note(
        f"{troubles}: {log.statuses()}, p95 {log.p95() * 1000:.0f} ms; {count} messages, {calls} calls and {tries} "
        f"tries, {dropped} dropped, {late} too late; settled {settled:.0f} s after"
    )
    assert set(log.statuses()) == {200, 303}
    assert log.p95() < (0.8 if full else 3.0)
    assert late == 0
    assert dropped >= 20
    assert max(calls, tries) <= CALLS_A_MESSAGE * count


def test_trying_until_it_is_taken_beats_the_gateway_and_comes_too_late(
    installation: Installation, carrier: Carrier, note: Note
) -> None:
    """The twin."""
    begun = timezone.now()
    with Workers(installation, "tests.faults.naive_delivery", count=1), Celery("naive", set_as_current=False) as naive:
        naive.conf.broker_url = installation.environment["REDIS_URL"]
        queue_codes(4, minutes=SOON)
        with carrier.outage("429"):
            for pk in Message.objects.values_list("pk", flat=True):
                naive.send_task("naive.keep_trying", [str(pk)], queue="codes")
            time.sleep(60 * SOON + 2)
        until(lambda: len(carrier.ledger.taken()) >= 2)
    calls, late = len(carrier.ledger.calls()), too_late(carrier, begun)
    note(f"4 messages, {calls} calls, {late} too late")
    assert calls > CALLS_A_MESSAGE * 4
    assert late > 0

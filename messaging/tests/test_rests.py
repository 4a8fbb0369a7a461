"""A gateway that does not serve is left alone: what an outage costs it in calls, and how soon it is used again."""

import time
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from messaging import delivery, rests
from messaging.models import Message
from messaging.tests.factories import make_messages
from tests.services.sms import SmsGateway

MESSAGES = 200
OUTAGE, SWEEP = 600, 10
PROCESSES = 4


class Clock:
    """Moves the day's clock and the monotonic one together."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.start, self.began, self.passed = timezone.now(), time.monotonic(), 0.0
        monkeypatch.setattr(time, "monotonic", lambda: self.began + self.passed)

    def sweep(self, processes: list[dict[str, rests._Rest]], monkeypatch: pytest.MonkeyPatch) -> None:
        """Let every process deliver once, each with what it knows itself about the gateway."""
        with time_machine.travel(self.start + timedelta(seconds=self.passed), tick=False):
            for known in processes:
                monkeypatch.setattr(rests, "_rests", known)
                delivery.deliver_due("sms", urgent=True, seconds=5)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.mark.django_db
def test_ten_minutes_of_outage_cost_few_calls_and_no_message(
    http_sms: SmsGateway, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_messages(MESSAGES, deadline=timezone.now() + timedelta(hours=1))
    processes: list[dict[str, rests._Rest]] = [{} for _process in range(PROCESSES)]
    http_sms.behaviour = 503
    while clock.passed < OUTAGE:
        clock.sweep(processes, monkeypatch)
        clock.passed += SWEEP
    failed = len(http_sms.all())
    longest_pauses = OUTAGE / (rests.LONGEST_SECONDS * 0.75)
    assert 0 < failed <= PROCESSES * (rests.FAILURES_IN_A_ROW + 3 + longest_pauses)
    http_sms.behaviour = 200
    back = clock.passed
    while Message.objects.waiting().exists():
        assert clock.passed - back <= 300, "it is not used again"
        clock.sweep(processes, monkeypatch)
        clock.passed += SWEEP
    assert Message.objects.filter(sent_at__isnull=False).count() == MESSAGES
    assert len(http_sms.all()) <= 3 * MESSAGES


@pytest.mark.django_db
def test_without_rests_the_calls_grow_with_the_messages(
    http_sms: SmsGateway, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: every process calls again and again, as soon as a message's own back-off lets it."""
    make_messages(MESSAGES // 10, deadline=timezone.now() + timedelta(hours=1))
    http_sms.behaviour = 503
    while clock.passed < OUTAGE:
        clock.sweep([{} for _process in range(PROCESSES)], monkeypatch)  # they know nothing from before
        clock.passed += SWEEP
    assert len(http_sms.all()) > 3 * MESSAGES // 10


def test_a_rest_begins_with_the_third_failure_in_a_row_and_grows(clock: Clock) -> None:
    lengths = []
    for _failure in range(2):
        rests.failed("http")
        assert rests.resting("http") == 0
    for _failure in range(5):
        rests.failed("http")
        lengths.append(rests.resting("http"))
        clock.passed += lengths[-1]
        assert rests.resting("http") == 0, "then one call tries it"
    for length, expected in zip(lengths, [5, 10, 20, 30, 30], strict=True):
        assert expected * 0.75 <= length <= expected * 1.25


def test_an_answer_ends_it_be_it_a_refusal(clock: Clock) -> None:
    for _failure in range(3):
        rests.failed("http")
    assert rests.resting("http") > 0 and rests.resting("another") == 0
    rests.answered("http")
    assert rests.resting("http") == 0
    rests.failed("http")
    assert rests.resting("http") == 0, "counted anew"

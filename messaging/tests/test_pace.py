"""The rate of a gateway: kept by all workers together, overtaken by what is urgent, and paid back by what is not."""

import time
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.utils import timezone
from pytest_django import Settings

from messaging import delivery
from messaging.gateways import memory
from messaging.models import GatewayRate, Message
from messaging.pace import WAVE_SECONDS, Pace, book
from messaging.tests.factories import make_messages
from vault.tests.concurrency import at_once

pytestmark = pytest.mark.django_db
RATE = 100.0
WAVE = RATE * WAVE_SECONDS


def set_rate(per_second: float = RATE) -> None:
    GatewayRate.objects.create(gateway="memory", per_second=per_second, free_at=timezone.now() - timedelta(hours=1))


def send_for(seconds: float, *, urgent: bool = False) -> int:
    """Ask for one message after the other, as a worker does, and never wait; how many were allowed."""
    pace, allowed, end = Pace(["memory"], urgent=urgent), 0, time.monotonic() + seconds
    while time.monotonic() < end:
        allowed += pace.allow("memory", 1)
        time.sleep(0.001)
    return allowed


@pytest.mark.django_db(transaction=True)
def test_four_workers_together_keep_the_rate(postgres: str) -> None:
    set_rate()
    start = time.monotonic()
    begun = timezone.now()
    allowed = sum(at_once(4, lambda _number: send_for(2.0)))
    took = time.monotonic() - start
    assert allowed <= RATE * seconds_booked_since(begun)
    assert allowed <= RATE * took + WAVE
    assert allowed > 2 * WAVE, "it is used, too"


@pytest.mark.django_db(transaction=True)
def test_reading_the_moment_and_then_writing_it_would_go_faster(postgres: str) -> None:
    """The twin: it looks whether the gateway is free, and then books."""
    set_rate()
    begun, all_have_looked = timezone.now(), Barrier(4)

    def naive(_number: int) -> int:
        rate = GatewayRate.objects.get()
        all_have_looked.wait(timeout=30)
        assert rate.free_at <= begun
        rate.free_at = begun + timedelta(seconds=WAVE_SECONDS)
        rate.save()
        return int(WAVE)

    assert sum(at_once(4, naive)) == pytest.approx(4 * RATE * seconds_booked_since(begun))


def seconds_booked_since(begun: datetime) -> float:
    return (GatewayRate.objects.get().free_at - begun).total_seconds()


def test_an_idle_gateway_saves_nothing_up() -> None:
    """In the hour that nobody has used it, 360 might have gone."""
    set_rate(0.1)
    pace = Pace(["memory"], urgent=False)
    assert sum(pace.allow("memory", 1) for _message in range(500)) == 1


def test_urgent_messages_always_go_and_the_others_pay_for_them() -> None:
    set_rate(1.0)
    assert Pace(["memory"], urgent=True).allow("memory", 50) == 50
    bulk = Pace(["memory"], urgent=False)
    assert bulk.allow("memory", 1) == 0
    until = bulk.booked_until("memory")
    assert until and 20 < (until - timezone.now()).total_seconds() <= 50
    assert Pace(["memory"], urgent=True).allow("memory", 1) == 1


def test_a_gateway_without_a_rate_has_no_limit() -> None:
    pace = Pace(["memory"], urgent=False)
    assert pace.allow("memory", 10_000) == 10_000 and pace.wave("memory") is None
    assert not book("memory", seconds=1, urgent=False)


def test_what_was_booked_and_not_used_in_time_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    set_rate()
    pace = Pace(["memory"], urgent=False)
    assert pace.allow("memory", 1) == 1 < WAVE
    book("memory", seconds=3600, urgent=True)
    later = time.monotonic() + 1.1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert pace.allow("memory", 1) == 0, "a slow worker saves up for a burst"


def test_a_campaign_goes_out_in_waves_and_what_is_left_waits_untried(memory_sms: None, settings: Settings) -> None:
    set_rate()
    make_messages(300, urgent=False)
    start = time.monotonic()
    assert delivery.deliver_due("sms", urgent=False, seconds=1.5) in {True, False}
    took = time.monotonic() - start
    sent = len(memory.outbox)
    assert WAVE < sent <= RATE * took + WAVE
    left = Message.objects.waiting()
    assert left.count() == 300 - sent
    assert not left.exclude(leased_until=None).exists() and set(left.values_list("tries", flat=True)) == {0}


def test_a_code_does_not_wait_behind_a_campaign(memory_sms: None) -> None:
    set_rate(0.1)
    make_messages(50, urgent=False)
    delivery.deliver_due("sms", urgent=False, seconds=0.5)
    assert len(memory.outbox) == 1
    make_messages(20)
    assert delivery.deliver_due("sms", urgent=True, seconds=30) is False
    assert len(memory.outbox) == 21, "at its rate they would take 200 seconds"
    delivery.deliver_due("sms", urgent=False, seconds=0.5)
    assert len(memory.outbox) == 21, "the campaign pays for the codes"

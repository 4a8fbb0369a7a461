"""Asking what became of a message, where no receipt comes: a real gateway that is asked over HTTP."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from messaging import kinds, polling, silence
from messaging.gateways.chosen import gateway_named
from messaging.models import Message
from messaging.tests.factories import make_message
from messaging.tests.secrets import contact_code
from vault.tests.concurrency import at_once

pytestmark = pytest.mark.django_db


class Provider:
    """A provider that never calls back. `knows` holds what it answers for an id: a status word or an HTTP status."""

    def __init__(self) -> None:
        self.knows: dict[str, Any] = {}
        self.asked: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler_class())
        self.url = f"http://127.0.0.1:{self.server.server_port}/sms"

    def handler_class(provider) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                asked = self.path.rpartition("/")[2]
                provider.asked.append(asked)
                known = provider.knows.get(asked, 404)
                status, body = (known, b"") if isinstance(known, int) else (200, json.dumps(known).encode())
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                return

        return Handler


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    there = Provider()
    settings.SMS_URL = there.url
    threading.Thread(target=there.server.serve_forever, args=(0.05,), daemon=True).start()
    yield there
    there.server.shutdown()
    there.server.server_close()


@pytest.fixture(autouse=True)
def replaced(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    found: list[Message] = []

    def instead(message: Message) -> bool:
        found.append(message)
        return True

    monkeypatch.setitem(kinds._KINDS, "contact_code", kinds.Kind("contact_code", contact_code, instead=instead))
    return found


def sent(provider_id: str = "x1", **values: Any) -> Message:
    """A message that the provider took three minutes ago."""
    ago = timezone.now() - timedelta(minutes=3)
    taken = {"sent_at": ago, "gateway": "http", "provider_id": provider_id, "next_poll_at": ago + polling.FIRST}
    return make_message(**taken | values)


def now_of(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def says(status: str, **more: str) -> dict[str, str]:
    return {"id": "x1", "status": status, **more}


def test_a_gateway_that_can_be_asked_is_asked_first_after_some_minutes(provider: Provider) -> None:
    now = timezone.now()
    assert polling.first_poll(gateway_named("http"), now) == now + timedelta(minutes=2)


def test_a_gateway_that_cannot_be_asked_is_not(settings: Settings) -> None:
    settings.SMS_URL = "console:"
    assert polling.first_poll(gateway_named("console"), timezone.now()) is None


def test_the_answer_is_marked_and_ends_the_asking(provider: Provider, replaced: list[Message]) -> None:
    provider.knows = {"x1": says("delivered"), "x2": says("undelivered", reason="ABSENT")}
    good, bad = sent(), sent("x2")
    polling.poll_due(seconds=5)
    assert (now_of(good).delivered_at is not None, now_of(good).next_poll_at) == (True, None)
    assert (now_of(bad).undelivered_at is not None, now_of(bad).failure) == (True, "ABSENT")
    assert replaced == [bad]
    polling.poll_due(seconds=5)
    assert sorted(provider.asked) == ["x1", "x2"]


@pytest.mark.parametrize("answer", [404, says("sent"), says("queued")])
def test_it_is_asked_less_and_less_often_for_a_day(provider: Provider, answer: Any) -> None:
    provider.knows = {"x1": answer}
    message = sent()
    start = message.sent_at
    moments: list[float] = []
    assert start is not None
    while (due := now_of(message).next_poll_at) is not None and len(moments) < 50:
        moments.append((due - start) / timedelta(minutes=1))
        with time_machine.travel(due, tick=False):
            polling.poll_due(seconds=5)
    assert moments[:4] == [2, 4, 8, 16]
    assert len(moments) == len(provider.asked) == 11
    assert 24 * 60 < moments[-1] < 48 * 60
    assert now_of(message).delivered_at is None


def test_a_receipt_stops_the_asking(provider: Provider) -> None:
    message = sent()
    Message.objects.update(next_poll_at=None)  # as every mark of a receipt does
    polling.poll_due(seconds=5)
    assert (provider.asked, now_of(message).next_poll_at) == ([], None)


@pytest.mark.parametrize("answer", [500, 429, says("eaten")])
def test_a_provider_that_is_away_is_asked_again_and_the_others_are_asked_now(
    provider: Provider, settings: Settings, answer: Any
) -> None:
    settings.SMS_URL = f"away={provider.url} http={provider.url}"
    provider.knows = {"x1": answer, "x2": says("delivered")}
    message, other = sent(gateway="away"), sent("x2")
    polling.poll_due(seconds=5)
    following = now_of(message).next_poll_at
    assert following is not None and following > timezone.now()
    assert now_of(other).delivered_at is not None


def test_codes_are_asked_about_before_a_campaign_that_has_waited_longer(provider: Provider) -> None:
    ago = timezone.now() - timedelta(minutes=5)
    for number in range(5):
        sent(f"campaign{number}", urgent=False, next_poll_at=ago)
    sent("code", urgent=True)
    polling.poll_due(seconds=5)
    assert provider.asked[0] == "code" and len(provider.asked) == 6


@pytest.mark.parametrize("status", [405, 501])
def test_a_gateway_without_a_place_to_ask_is_left_alone_for_an_hour(provider: Provider, status: int) -> None:
    provider.knows = {f"x{number}": status for number in range(4)}
    ages = (3, 3, 4, 2 * 24 * 60)
    messages = [sent(f"x{number}", sent_at=timezone.now() - timedelta(minutes=age)) for number, age in enumerate(ages)]
    polling.poll_due(seconds=5)
    polling.poll_due(seconds=5)
    assert len(provider.asked) == 1
    *young, old = [now_of(message).next_poll_at for message in messages]
    assert old is None, "it has been polled for a day"
    in_the_hour = timezone.now() + timedelta(minutes=1)
    assert all(moment and moment > in_the_hour for moment in young)
    assert not Message.objects.to_poll(timezone.now(), urgent=True).exists()


def test_a_gateway_that_knows_none_of_many_is_left_alone_and_asked_again_later(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silence, "UNKNOWN_IN_A_ROW", 3)
    for number in range(5):
        sent(f"x{number}")
    polling.poll_due(seconds=5)
    sent("y")
    polling.poll_due(seconds=5)
    assert len(provider.asked) == 5, "those of its turn, and then none"
    silence.forget()
    Message.objects.filter(provider_id="y").update(next_poll_at=timezone.now())
    polling.poll_due(seconds=5)
    assert provider.asked[-1] == "y"


def test_one_that_is_known_begins_the_count_anew(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silence, "UNKNOWN_IN_A_ROW", 3)
    provider.knows = {"known": says("delivered")}
    for place, name in enumerate(("a", "b", "known", "c", "d")):
        sent(name, next_poll_at=timezone.now() - timedelta(minutes=1) + timedelta(seconds=place))
    polling.poll_due(seconds=5)
    sent("e", next_poll_at=timezone.now())
    assert not silence.is_on("http")
    polling.poll_due(seconds=5)
    assert silence.is_on("http") and provider.asked[-1] == "e"


def test_a_gateway_that_was_taken_out_is_never_asked_again(provider: Provider) -> None:
    message = sent(gateway="gone")
    polling.poll_due(seconds=5)
    assert now_of(message).next_poll_at is None


def test_not_yet_due_is_not_asked(provider: Provider) -> None:
    sent(next_poll_at=timezone.now() + timedelta(seconds=30))
    polling.poll_due(seconds=5)
    assert provider.asked == []


@pytest.mark.django_db(transaction=True)
def test_several_workers_ask_about_a_message_once(postgres: str, provider: Provider) -> None:
    for number in range(20):
        sent(f"x{number}")
    at_once(8, lambda number: polling.poll_due(seconds=20))
    assert sorted(provider.asked) == sorted(f"x{number}" for number in range(20))


@pytest.mark.django_db(transaction=True)
def test_asking_without_moving_the_next_poll_on_first_would_ask_many_times(postgres: str, provider: Provider) -> None:
    """The twin that asks, and moves on afterwards."""
    sent()
    all_have_looked = threading.Barrier(8)

    def naive(number: int) -> None:
        with gateway_named("http") as gateway:
            found = list(Message.objects.to_poll(timezone.now(), urgent=True))
            all_have_looked.wait(timeout=30)
            for message in found:
                gateway.look_up(message.provider_id, "", timezone.now())
                Message.objects.filter(pk=message.pk).update(next_poll_at=None)

    at_once(8, naive)
    assert len(provider.asked) == 8

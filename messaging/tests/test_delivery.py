"""One worker and its batch: what is sent, what is tried again, what ends, and what is given back."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone, translation
from pytest_django import Settings

from messaging import delivery, kinds
from messaging.answers import Taken
from messaging.batches import LONGEST, SHORTEST, Batch, next_try
from messaging.gateways import memory
from messaging.kinds import Envelope, Kind
from messaging.leases import claim, claim_rows
from messaging.models import Message
from messaging.tests.factories import make_message, make_messages
from messaging.tests.secrets import PHONE, code_of, contact_code
from tests.services.sms import SmsGateway

pytestmark = pytest.mark.django_db


def deliver(urgent: bool = True) -> bool:
    return delivery.deliver_due("sms", urgent=urgent, seconds=20)


def now_due() -> None:
    """As if the back-off had passed."""
    Message.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))


def said_by(monkeypatch: pytest.MonkeyPatch, build: Callable[[Message], Envelope | None]) -> None:
    monkeypatch.setitem(kinds._KINDS, "contact_code", Kind("contact_code", build))


def test_a_due_message_goes_out_once_and_is_marked_with_the_provider_s_id(http_sms: SmsGateway) -> None:
    message = make_message()
    assert deliver() is False
    deliver()
    (body,) = http_sms.sent()
    code = code_of(message.subject_id)
    assert body == {
        "channel": "sms",
        "to": PHONE,
        "sender": "",
        "template": "contact_code",
        "params": {
            "code": code,
            "purpose": "to activate your card",
            "minutes": "10",
            "until": "20:45",
            "host": "",
            "hotline": "",
        },
        "text": f"{code} is your Campus card security code to activate your card. It works for 10 minutes.",
        "language": "en",
        "idempotency_key": message.idempotency_key,
    }
    message.refresh_from_db()
    assert message.sent_at is not None and message.leased_until is None
    assert (message.provider_id, message.gateway, message.failure, message.tries) == ("sms-1", "http", "", 1)


def test_a_call_goes_to_the_gateway_for_calls(sms_gateway: SmsGateway, settings: Settings) -> None:
    settings.SMS_URL, settings.VOICE_URL = "memory:", sms_gateway.url
    message = make_message(channel="voice")
    delivery.deliver_due("voice", urgent=True, seconds=20)
    (body,) = sms_gateway.sent()
    assert (body["channel"], body["to"], body["template"]) == ("voice", PHONE, "contact_code")
    assert ", ".join(code_of(message.subject_id)) in body["text"]
    message.refresh_from_db()
    assert (message.gateway, message.provider_id, message.destination) == ("voice", "sms-1", "+86")


def test_a_large_batch_goes_over_one_connection(http_sms: SmsGateway) -> None:
    make_messages(300, urgent=False)
    deliver(urgent=False)
    posts = http_sms.all()
    assert len(posts) == 300 and not Message.objects.waiting().exists()
    assert len({post.peer_port for post in posts}) == 1


def test_urgent_messages_and_others_are_different_batches(memory_sms: None) -> None:
    make_message(urgent=False)
    deliver(urgent=True)
    assert memory.outbox == []
    deliver(urgent=False)
    assert len(memory.outbox) == 1


def test_a_gateway_that_is_down_gets_the_same_key_and_text_later(http_sms: SmsGateway) -> None:
    message = make_message()
    http_sms.behaviour = 500
    deliver()
    message.refresh_from_db()
    assert message.failure == "http 500" and message.sent_at is None and message.leased_until is None
    assert timedelta(0) < message.next_try_at - timezone.now() < timedelta(seconds=3)
    deliver()
    assert len(http_sms.all()) == 1, "tried before its time"
    now_due()
    http_sms.behaviour = 200
    deliver()
    first, second = http_sms.all()
    assert first.body == second.body
    message.refresh_from_db()
    assert message.sent_at is not None and message.failure == "" and message.tries == 2


def test_a_refused_message_is_a_dead_letter_and_never_tried_again(http_sms: SmsGateway) -> None:
    message = make_message()
    http_sms.behaviour = 400
    deliver()
    now_due()
    http_sms.behaviour = 200
    deliver()
    assert len(http_sms.all()) == 1
    message.refresh_from_db()
    assert message.dead_at is not None and message.failure == "refused: http 400" and message.sent_at is None


def test_after_its_deadline_a_message_is_dropped_and_not_even_built(
    memory_sms: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = []
    said_by(monkeypatch, lambda message: built.append(message))
    message = make_message(deadline=timezone.now())
    deliver()
    message.refresh_from_db()
    assert message.dropped_at is not None and memory.outbox == [] and built == []


def test_what_its_kind_no_longer_wants_is_dropped(memory_sms: None, monkeypatch: pytest.MonkeyPatch) -> None:
    said_by(monkeypatch, lambda message: None)
    message = make_message()
    deliver()
    message.refresh_from_db()
    assert message.dropped_at is not None and message.dead_at is None and memory.outbox == []


def test_after_the_last_try_a_message_is_a_dead_letter_with_its_reason(http_sms: SmsGateway) -> None:
    http_sms.behaviour = 503
    last = make_message(tries=delivery.MAX_TRIES - 1)
    deliver()
    last.refresh_from_db()
    assert last.dead_at is not None and last.failure == "http 503" and last.tries == delivery.MAX_TRIES


def test_one_message_that_cannot_be_prepared_stops_no_other(
    memory_sms: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, *sound = make_messages(5)

    def build(message: Message) -> Envelope:
        if message.pk == broken.pk:
            raise ValueError(f"canary {code_of(message.subject_id)} {PHONE}")
        return contact_code(message)

    said_by(monkeypatch, build)
    deliver()
    assert len(memory.outbox) == len(sound)
    broken.refresh_from_db()
    assert broken.failure == "cannot be prepared: ValueError" and broken.next_try_at > timezone.now()
    assert "ValueError at" in caplog.text and "canary" not in caplog.text and PHONE not in caplog.text


def test_a_kind_that_only_a_newer_version_knows_waits_for_it(memory_sms: None) -> None:
    message = make_message(kind="of_tomorrow")
    deliver()
    message.refresh_from_db()
    assert message.dead_at is None and message.failure == "cannot be prepared: LookupError"


def test_after_three_failures_in_a_row_the_rest_is_given_back_uncounted(http_sms: SmsGateway) -> None:
    make_messages(10)
    http_sms.behaviour = "close"
    assert deliver() is False
    assert len(http_sms.all()) == 3
    assert sorted(Message.objects.values_list("tries", flat=True)) == [0] * 7 + [1] * 3
    assert not Message.objects.exclude(leased_until=None).exists()
    assert not Message.objects.filter(next_try_at__lte=timezone.now()).exists()


def test_when_time_is_up_the_rest_is_given_back_due_at_once(memory_sms: None) -> None:
    make_messages(4)
    assert delivery.deliver_due("sms", urgent=True, seconds=0.000001) is True
    assert Message.objects.waiting().filter(leased_until=None, tries=0).count() in {3, 4}
    assert deliver() is False
    assert len(memory.outbox) == 4


def test_words_are_built_in_the_language_of_the_message(memory_sms: None, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken = []

    def build(message: Message) -> Envelope:
        spoken.append(translation.get_language())
        return contact_code(message)

    said_by(monkeypatch, build)
    make_message(language="zh-hans")
    with translation.override("en"):
        deliver()
    assert spoken == ["zh-hans"]


def test_the_lease_of_the_rest_is_renewed_before_it_becomes_shorter_than_a_send() -> None:
    make_messages(3)
    now = timezone.now()
    rows = claim_rows(Message.objects.waiting(), limit=3, lease=timedelta(seconds=5), at=now)
    batch = Batch(rows, until=now + timedelta(seconds=5), lease=timedelta(seconds=60), margin=10)
    (first,) = batch.take(1)
    assert batch.until > now + timedelta(seconds=50)
    assert Message.objects.held(batch.until).count() == 3 and first in rows


def test_what_somebody_else_has_claimed_meanwhile_is_no_longer_ours() -> None:
    make_messages(3)
    now = timezone.now()
    short = timedelta(seconds=1)
    rows = claim_rows(Message.objects.waiting(), limit=3, lease=short, at=now)
    batch = Batch(rows, until=now + short, lease=short, margin=0)
    theirs = claim(Message.objects.waiting(), limit=2, lease=timedelta(minutes=1), at=now + short)
    batch.renew()
    assert {message.pk for message in batch.rest} == {row.pk for row in rows} - set(theirs)


def test_a_worker_that_has_lost_its_lease_marks_nothing_but_what_it_has_sent() -> None:
    make_messages(2)
    now = timezone.now()
    short, minute = timedelta(seconds=1), timedelta(minutes=1)
    rows = claim_rows(Message.objects.waiting(), limit=2, lease=short, at=now)
    batch = Batch(rows, until=now + short, lease=short, margin=0)
    failed, sent = batch.rest
    claim(Message.objects.waiting(), limit=2, lease=minute, at=now + short)
    batch.try_later(failed, "http 500", last=True)
    batch.mark_sent([(sent, Taken("http", "id-1"))])
    failed.refresh_from_db()
    sent.refresh_from_db()
    assert failed.dead_at is None and failed.leased_until == now + short + minute
    assert sent.sent_at is not None


def test_back_off_grows_with_age_and_is_never_the_same_twice() -> None:
    now = timezone.now()

    def pause(age: timedelta) -> timedelta:
        return next_try(Message(created_at=now - age)) - timezone.now()

    assert SHORTEST * 0.7 < pause(timedelta(0)) < SHORTEST * 1.3
    assert timedelta(seconds=14) * 0.7 < pause(timedelta(minutes=1)) < timedelta(seconds=16) * 1.3
    assert LONGEST * 0.7 < pause(timedelta(days=2)) < LONGEST * 1.3
    assert len({next_try(Message(created_at=now)) - now for _ in range(50)}) > 40


@pytest.mark.parametrize("behaviour", [200, 400, 500, "close", "garbage"])
def test_neither_row_nor_log_holds_a_secret(
    behaviour: int | str, http_sms: SmsGateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    message = make_message()
    http_sms.behaviour = behaviour  # type: ignore[assignment]
    deliver()
    code = code_of(message.subject_id)
    assert http_sms.all()[0].body["params"]["code"] == code, "the canary did not fly"
    row = {name: value for name, value in Message.objects.values().get().items() if name != "subject_id"}
    for secret in (code, PHONE, PHONE.removeprefix("+86"), "security code"):
        assert secret not in repr(row).replace(str(message.pk), ""), secret
        assert secret not in caplog.text, secret

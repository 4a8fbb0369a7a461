"""Putting a message into the outbox: with the change it belongs to, once, and never at the price of the request."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from messaging import enqueue, tasks
from messaging.delivery import LIMIT
from messaging.gateways import memory
from messaging.models import Message
from messaging.services import queue_message
from messaging.tests.factories import make_message, make_messages


class Publications(list[tuple[str, tuple[Any, ...], str | None]]):
    """What was published, instead of the broker: the broker itself is tested in test_enqueue.py."""

    def __init__(self) -> None:
        super().__init__()
        self.lives: list[float | None] = []

    def __call__(self, task: Any, *args: Any, queue: str | None = None, expires: float | None = None) -> bool:
        self.append((task.name, args, queue))
        self.lives.append(expires)
        return True


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Publications:
    publications = Publications()
    monkeypatch.setattr(enqueue, "publish", publications)
    monkeypatch.setattr(tasks, "publish", publications)
    return publications


def queue(**values: Any) -> Message:
    given = {
        "kind": "contact_code",
        "channel": "sms",
        "subject_id": uuid4(),
        "contact_index": uuid4(),
        "to_masked": "138 **** 8000",
        "language": "zh-hans",
        "deadline": timezone.now() + timedelta(minutes=10),
    }
    return queue_message(**{**given, **values})


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_told_after_the_commit_and_not_before(published: Publications) -> None:
    with transaction.atomic():
        queue()
        assert published == []
    assert published == [("messaging.tasks.deliver_messages", ("sms", True), "urgent")]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_said(published: Publications) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queue()
        _ = 1 / 0
    assert published == [] and not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_nobody_waits_for_waits_for_the_sweep(published: Publications) -> None:
    queue(urgent=False)
    assert published == []
    tasks.sweep_messages()
    assert published == [("messaging.tasks.deliver_messages", ("sms", False), "bulk")]


@pytest.mark.django_db
def test_the_sweep_names_only_what_is_due(published: Publications) -> None:
    make_message(channel="email", leased_until=timezone.now() - timedelta(seconds=1))
    make_message(channel="sms", next_try_at=timezone.now() + timedelta(minutes=1))
    make_message(channel="sms", leased_until=timezone.now() + timedelta(minutes=1))
    make_message(channel="sms", sent_at=timezone.now())
    tasks.sweep_messages()
    assert published == [("messaging.tasks.deliver_messages", ("email", True), "urgent")]


@pytest.mark.django_db
def test_the_sweep_gives_more_hints_where_there_is_work_for_several_workers(published: Publications) -> None:
    make_messages(LIMIT[True] + 1)
    make_messages(1, channel="email")
    tasks.sweep_messages()
    assert [args for _task, args, _queue in published] == [("sms", True), ("sms", True), ("email", True)]
    make_messages(20 * LIMIT[True])
    tasks.sweep_messages()
    assert len(published) == 3 + tasks.WORKERS_AT_ONCE + 1


@pytest.mark.django_db
def test_a_hint_for_one_channel_sends_the_others_too(published: Publications, memory_sms: None) -> None:
    make_messages(3, channel="sms")
    tasks.deliver_messages("email", True)
    assert len(memory.outbox) == 3 and published == []


@pytest.mark.django_db
def test_a_task_whose_time_is_up_lets_the_next_one_go_on(
    published: Publications, memory_sms: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_message()
    monkeypatch.setattr(tasks, "SECONDS_A_CHANNEL", 0.0)
    tasks.deliver_messages("sms", True)
    assert published == [("messaging.tasks.deliver_messages", ("sms", True), "urgent")]
    monkeypatch.setattr(tasks, "SECONDS_A_CHANNEL", 5.0)
    tasks.deliver_messages("sms", True)
    assert len(published) == 1 and not Message.objects.waiting().exists()


@pytest.mark.django_db
def test_what_is_left_over_does_not_pile_up_on_a_queue_that_nobody_gets_to(
    published: Publications, memory_sms: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweep gives new hints all the time: any that lived on without a worker would be one more for ever."""
    monkeypatch.setattr(tasks, "SECONDS_A_CHANNEL", 0.0)
    monkeypatch.setattr(tasks, "SECONDS_AT_ONCE", 0.0)
    make_message()
    tasks.deliver_messages("sms", True)
    make_message(sent_at=timezone.now(), next_poll_at=timezone.now(), gateway="memory")
    tasks.poll_messages()
    tasks.handle_receipts()
    assert [task.rpartition(".")[2] for task, _args, _queue in published] == [
        "deliver_messages",
        "poll_messages",
        "handle_receipts",
    ]
    assert published.lives == 3 * [tasks.HINT_EXPIRES]


@pytest.mark.django_db
def test_the_same_key_again_answers_the_first_message() -> None:
    first = queue(idempotency_key="card-active:1")
    again = queue(idempotency_key="card-active:1", language="en")
    assert again.pk == first.pk and again.language == "zh-hans"
    assert Message.objects.count() == 1
    assert queue().idempotency_key != queue().idempotency_key


@pytest.mark.django_db
def test_a_row_ends_in_one_way_only() -> None:
    message = make_message(sent_at=timezone.now())
    with pytest.raises(Exception, match="message_ends_once"), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(dead_at=timezone.now())


@pytest.mark.django_db
def test_messages_of_a_channel_that_lost_its_gateway_stop_nobody_and_end_with_their_deadline(
    published: Publications, memory_sms: None, settings: Settings
) -> None:
    settings.VOICE_URL = ""
    late = make_message(channel="voice", deadline=timezone.now() - timedelta(seconds=1))
    waiting = make_message(channel="voice")
    make_message(channel="sms")
    tasks.deliver_messages("voice", True)
    assert len(memory.outbox) == 1
    assert Message.objects.get(pk=late.pk).dropped_at is not None
    assert Message.objects.waiting().get().pk == waiting.pk

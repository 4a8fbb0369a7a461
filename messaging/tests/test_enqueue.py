"""Telling a worker through a real Redis that works, is dead, or says nothing: no request waits for it."""

import json
import threading
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from celery import Celery, Task
from django.db import transaction

from messaging import enqueue
from messaging.models import Message
from messaging.tests.factories import make_message
from tests.services.redis import RedisServer

PUBLISHER = {"socket_connect_timeout": 1, "socket_timeout": 1}


def a_task(server: RedisServer, **transport: object) -> Task:
    """A task of a Celery application of its own at this Redis."""
    app = Celery("test_enqueue", broker=server.url, set_as_current=False)
    app.conf.broker_transport_options = transport

    @app.task(name="test_enqueue.look", bind=True, shared=False)
    def look(task: Task, subject: str) -> None:
        """Never run: nobody works here."""

    found: Task = look
    return found


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    enqueue._rest_until = 0.0
    yield
    enqueue._rest_until = 0.0


@pytest.fixture
def task(redis_server: RedisServer) -> Task:
    return a_task(redis_server, **PUBLISHER)


def waiting(server: RedisServer, queue: str) -> list[bytes]:
    with server.client() as client:
        return client.lrange(queue, 0, -1)


def test_the_task_lies_on_its_queue_with_its_id_and_nothing_else(task: Task, redis_server: RedisServer) -> None:
    subject = str(uuid4())
    assert enqueue.publish(task, subject, queue="codes")
    (raw,) = waiting(redis_server, "codes")
    envelope = json.loads(raw)
    assert envelope["headers"]["argsrepr"] == f"('{subject}',)"
    assert envelope["headers"]["task"] == "test_enqueue.look" and envelope["headers"]["eta"] is None


@pytest.mark.django_db(transaction=True)
def test_a_dead_redis_fails_no_commit(task: Task, redis_server: RedisServer) -> None:
    with redis_server.down():
        start = time.monotonic()
        with transaction.atomic():
            make_message()
            enqueue.enqueue(task, "id")
        assert time.monotonic() - start < 2
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_silent_redis_holds_one_request_for_a_moment_and_the_next_ones_not_at_all(
    task: Task, redis_server: RedisServer
) -> None:
    with redis_server.frozen():
        start = time.monotonic()
        with transaction.atomic():
            make_message()
            enqueue.enqueue(task, "id")
        first = time.monotonic() - start
        assert first < 4.5, first
        start = time.monotonic()
        for _request in range(50):
            with transaction.atomic():
                enqueue.enqueue(task, "id")
        assert time.monotonic() - start < first, "fifty together wait less than the one"
    assert Message.objects.count() == 1


def test_nobody_joins_who_waits_for_a_silent_redis_already(redis_server: RedisServer) -> None:
    patient = a_task(redis_server, socket_connect_timeout=20, socket_timeout=20)
    first = threading.Thread(target=enqueue.publish, args=(patient, "id"))
    with redis_server.frozen():
        first.start()
        while first.is_alive() and not enqueue._begun:
            time.sleep(0.01)
        time.sleep(2 * enqueue.HELD_SECONDS)
        assert [enqueue.publish(patient, "id") for _request in range(50)] == 50 * [False]
        assert first.is_alive(), "it waits as before, and none of the fifty has waited beside it"
    first.join()


def test_after_its_rest_the_broker_is_asked_again(
    task: Task, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enqueue, "REST_SECONDS", 0.2)
    with redis_server.down():
        assert not enqueue.publish(task, "id", queue="again")
    time.sleep(0.3)
    assert enqueue.publish(task, "id", queue="again")
    assert len(waiting(redis_server, "again")) == 1


def test_a_plain_delay_without_timeouts_would_hang(redis_server: RedisServer) -> None:
    """The twin without the protection, on a silent Redis."""
    plain = a_task(redis_server)
    caller = threading.Thread(target=plain.delay, args=("id",), daemon=True)
    with redis_server.frozen():
        caller.start()
        caller.join(5)
        assert caller.is_alive()
    caller.join(30)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_tells_nobody(task: Task, redis_server: RedisServer) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue.enqueue(task, "id", queue="rolled-back")
        _ = 1 / 0
    assert waiting(redis_server, "rolled-back") == []

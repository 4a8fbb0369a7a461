"""The queue keeps its promises: a publisher is never held, and the beat names tasks that exist."""

import time

import pytest
from celery import Celery
from celery.beat import Scheduler
from kombu.exceptions import OperationalError

from portal import celeryconfig
from portal.broker import QUEUES
from portal.celery import PUBLISHER, Queue, app
from tests.services.redis import RedisServer

LONGEST_PUBLISH_SECONDS = 8


def test_every_line_of_the_beat_names_a_task_on_a_queue_that_a_worker_takes() -> None:
    app.loader.import_default_modules()
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in app.tasks
        assert entry["options"]["queue"] in QUEUES
        assert entry["options"]["expires"] <= entry["schedule"]


def test_the_beat_keeps_no_file() -> None:
    assert app.conf.beat_scheduler == f"{Scheduler.__module__}:{Scheduler.__qualname__}"


def test_a_worker_that_hangs_is_stopped_before_its_rows_are_given_away() -> None:
    assert app.conf.task_soft_time_limit < app.conf.task_time_limit < celeryconfig.LEASE
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.get("CELERY_DB_REUSE_MAX")


@pytest.fixture
def publisher(redis_server: RedisServer) -> Queue:
    """Our queue, on a Redis that a test may stop."""
    queue = Queue("publisher", broker=redis_server.url, set_as_current=False)
    queue.conf.task_publish_retry_policy = app.conf.task_publish_retry_policy
    return queue


@pytest.mark.parametrize("state", ["down", "frozen"])
@pytest.mark.parametrize("known", [False, True], ids=["first publish", "open connection"])
def test_a_silent_redis_holds_a_publisher_for_seconds_at_most(
    publisher: Queue, redis_server: RedisServer, state: str, known: bool
) -> None:
    if known:
        publisher.send_task("nothing")
    with getattr(redis_server, state)():
        begun = time.monotonic()
        with pytest.raises(Exception):  # noqa: B017 - which one is Kombu's business
            publisher.send_task("nothing")
        assert time.monotonic() - begun < LONGEST_PUBLISH_SECONDS
    publisher.send_task("nothing")


def test_only_publishers_have_the_short_timeouts(publisher: Queue) -> None:
    assert PUBLISHER.items() <= (publisher.connection_for_write().transport_options or {}).items()
    assert "socket_timeout" not in (publisher.connection_for_read().transport_options or {})


def pauses(queue: Celery) -> list[float]:
    """How long it waits before it asks a broker again that is away."""
    waited: list[float] = []
    with pytest.raises(OperationalError):
        queue.connection_for_read().ensure_connection(lambda error, pause: waited.append(pause), max_retries=2)
    return waited


def test_a_broker_that_is_away_is_asked_every_two_seconds_and_not_ever_more_rarely(
    publisher: Queue, redis_server: RedisServer
) -> None:
    plain = Celery("plain", broker=redis_server.url, set_as_current=False)
    with redis_server.down():
        assert pauses(publisher) == [2, 2]
        assert pauses(plain) == [2, 4], "the twin: Celery as it is"

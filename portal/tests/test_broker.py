"""The broker is asked what it holds, and never for longer than a second."""

import time

import pytest
import redis
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from portal.broker import QUEUES, SECONDS, queue_lengths
from tests.services.redis import RedisServer


@pytest.fixture
def broker(settings: Settings, redis_server: RedisServer) -> redis.Redis:
    settings.REDIS_URL = redis_server.url
    client = redis.Redis.from_url(redis_server.url)
    client.flushall()
    return client


def test_tasks_that_no_worker_has_taken_are_counted_by_queue(broker: redis.Redis) -> None:
    assert queue_lengths() == {"codes": 0, "urgent": 0, "bulk": 0, "celery": 0}
    broker.rpush("celery", "a", "b", "c")
    assert queue_lengths() == {"codes": 0, "urgent": 0, "bulk": 0, "celery": 3}


@pytest.mark.parametrize("gone", ["down", "frozen"])
def test_a_broker_that_does_not_answer_holds_nobody_up(
    broker: redis.Redis, redis_server: RedisServer, gone: str
) -> None:
    with getattr(redis_server, gone)():
        started = time.monotonic()
        assert queue_lengths() is None
        assert time.monotonic() - started < 4 * SECONDS


@pytest.mark.django_db
def test_metrics_are_told_without_the_broker_and_say_that_it_is_away(
    broker: redis.Redis, redis_server: RedisServer, client: Client
) -> None:
    def told(name: str) -> list[float]:
        families = text_string_to_metric_families(client.get("/metrics").content.decode())
        return [sample.value for family in families for sample in family.samples if sample.name == name]

    assert told("portal_broker_up") == [1]
    assert len(told("portal_queue_length")) == len(QUEUES)
    with redis_server.frozen():
        assert told("portal_broker_up") == [0]
        assert told("portal_queue_length") == []
        assert len(told("portal_messages_waiting")) == 8

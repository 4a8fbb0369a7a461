"""Asking the broker itself, never longer than a second: whether it answers, and what lies in its queues."""

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

SECONDS = 1.0
QUEUES = ("codes", "urgent", "bulk", "celery")


def queue_lengths() -> dict[str, int] | None:
    """Tasks by queue; None when the broker does not answer in time. The embedded one, which is in this process, has
    no queues that could be asked for: no lengths."""
    if settings.REDIS_URL.startswith("memory:"):
        return {}
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL,
            socket_connect_timeout=SECONDS / 2,
            socket_timeout=SECONDS / 2,
            retry=Retry(NoBackoff(), 0),
        ) as client:
            pipeline = client.pipeline(transaction=False)
            for queue in QUEUES:
                pipeline.llen(queue)
            return dict(zip(QUEUES, pipeline.execute(), strict=True))
    except (redis.RedisError, OSError):
        return None

"""Telling a worker that there is something to do: only ever a hint, because the row itself waits in the database."""

import logging
import time
from typing import Any

from celery import Task
from django.db import transaction

logger = logging.getLogger(__name__)

RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
REST_SECONDS = 5.0

_rest_until = 0.0


def enqueue(task: Task, *args: Any, queue: str | None = None) -> None:
    """Run the task soon after the caller's transaction commits; never raises and never hangs.

    Args are ids and plain words: a broker keeps them readable. Whatever the task does must also be found by a sweep.
    """
    transaction.on_commit(lambda: publish(task, *args, queue=queue), robust=True)


def publish(task: Task, *args: Any, queue: str | None = None, expires: float | None = None) -> bool:
    """Put the task on its queue now; False when the broker did not take it. After a failure we leave the broker alone
    for a few seconds, so that a hung one costs one request a second and not all of them."""
    global _rest_until
    if time.monotonic() < _rest_until:
        return False
    try:
        options = {"queue": queue} if queue else {}
        task.apply_async(args=args, expires=expires, retry=True, retry_policy=RETRY_POLICY, **options)
    except Exception as error:
        _rest_until = time.monotonic() + REST_SECONDS
        logger.warning("broker did not take %s: %s", task.name, type(error).__name__)
        return False
    return True

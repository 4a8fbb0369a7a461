"""Telling a worker that there is something to do: only ever a hint, because the row itself waits in the database."""

import logging
import threading
import time
from typing import Any

from celery import Task
from django.db import transaction

logger = logging.getLogger(__name__)

RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
REST_SECONDS = 5.0
HELD_SECONDS = 0.25

_rest_until = 0.0
_begun: dict[int, float] = {}
"""The threads that the broker keeps waiting, and since when."""


def enqueue(task: Task, *args: Any, queue: str | None = None) -> None:
    """Run the task soon after the caller's transaction commits; never raises and never hangs.

    Args are ids and plain words: a broker keeps them readable. Whatever the task does must also be found by a sweep.
    """
    transaction.on_commit(lambda: publish(task, *args, queue=queue), robust=True)


def publish(task: Task, *args: Any, queue: str | None = None, expires: float | None = None) -> bool:
    """Put the task on its queue now; False when the broker did not take it. After a failure we leave the broker alone
    for a few seconds, and nobody joins who waits for it already, so that a hung one costs few requests a second."""
    global _rest_until
    begun = time.monotonic()
    if begun < _rest_until or any(begun - since > HELD_SECONDS for since in list(_begun.values())):
        return False
    me = threading.get_ident()
    _begun[me] = begun
    try:
        options = {"queue": queue} if queue else {}
        task.apply_async(args=args, expires=expires, retry=True, retry_policy=RETRY_POLICY, **options)
    except Exception as error:
        _rest_until = time.monotonic() + REST_SECONDS
        logger.warning("broker did not take %s: %s", task.name, type(error).__name__)
        return False
    finally:
        _begun.pop(me, None)
    return True

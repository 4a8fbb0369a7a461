"""Doing one thing in many threads, each with a database connection of its own."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError
from typing import TypeVar

from django.db import connection, transaction

Result = TypeVar("Result")


def at_once(count: int, act: Callable[[int], Result]) -> list[Result]:
    """Call `act(0)` to `act(count - 1)` at the same moment; give their results in order."""
    start = Barrier(count)

    def one(number: int) -> Result:
        try:
            try:
                connection.ensure_connection()
            except BaseException:
                start.abort()  # or the others would wait for somebody who does not come
                raise
            start.wait(timeout=120)
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        done = [threads.submit(one, number) for number in range(count)]
    failures = [failure for each in done if (failure := each.exception())]
    for failure in sorted(failures, key=lambda failure: isinstance(failure, BrokenBarrierError)):
        raise failure
    return [each.result() for each in done]


def meanwhile(act: Callable[[], Result]) -> Result:
    """Let somebody else do this from beginning to end, between what the caller has read and what it is about to write.

    A twin that calls this loses always; one that hopes to be interrupted in the right place loses by luck only.
    """

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_alone, act).result(timeout=30)


def while_uncommitted(write: Callable[[], object], other: Callable[[], Result]) -> Result:
    """Let somebody else begin while this transaction is open; it commits when the other waits for it, or is through.

    On PostgreSQL only, which knows who waits for whom.
    """
    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            write()
            result = thread.submit(_alone, other)
            while not result.done() and not _somebody_waits_for_us():
                time.sleep(0.01)
        return result.result(timeout=30)


def _alone(act: Callable[[], Result]) -> Result:
    try:
        return act()
    finally:
        connection.close()


def _somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])

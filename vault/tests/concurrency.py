"""Doing one thing in many threads, each with a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


def at_once(count: int, act: Callable[[int], Result]) -> list[Result]:
    """Call `act(0)` to `act(count - 1)` at the same moment; give their results in order."""
    start = Barrier(count)

    def one(number: int) -> Result:
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))


def meanwhile(act: Callable[[], Result]) -> Result:
    """Let somebody else do this from beginning to end, between what the caller has read and what it is about to write.

    A twin that calls this loses always; one that hopes to be interrupted in the right place loses by luck only.
    """

    def alone() -> Result:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(alone).result(timeout=30)

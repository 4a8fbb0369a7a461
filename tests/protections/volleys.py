"""Many browsers that press a button at the same moment."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg

from tests.protections.conftest import database_url
from tests.protections.naive import COUNTED, LOOKED
from tests.services.visitor import Answer, Visitor

PREPARED_AT_ONCE = 16
LONGEST = 30.0
"""Seconds until a twin that does not look is let go, and then found out."""

Press = Callable[..., list[Answer]]


def visitors(port: int, count: int) -> list[Visitor]:
    """Browsers without a session yet, each in a network of its own."""
    return [Visitor(port, address=f"10.{number}.0.1") for number in range(count)]


def each(crowd: Sequence[Visitor], act: Callable[[Visitor], Answer]) -> list[Answer]:
    """Let every browser do the same, a few at a time."""
    with ThreadPoolExecutor(PREPARED_AT_ONCE) as threads:
        return list(threads.map(act, crowd))


def press_at_once(crowd: Sequence[Visitor], **answers: str) -> list[Answer]:
    """Every browser sends the form of its page with these answers; all of them start at the same moment."""
    forms = [visitor.form() | answers for visitor in crowd]
    start = Barrier(len(crowd))

    def press(number: int) -> Answer:
        start.wait(timeout=30)
        return crowd[number].send(forms[number])

    with ThreadPoolExecutor(len(crowd)) as threads:
        return list(threads.map(press, range(len(crowd))))


def look_before_one_writes(crowd: Sequence[Visitor], **answers: str) -> list[Answer]:
    """The same against a twin that looks, then writes: nobody writes before more have looked than the limit allows."""
    with psycopg.connect(database_url(), autocommit=True) as holder, ThreadPoolExecutor(1) as thread:
        holder.execute("SELECT pg_advisory_lock(%s)", [LOOKED])
        pressed = thread.submit(press_at_once, crowd, **answers)
        _wait_for(holder, LOOKED, 6)
        holder.execute("SELECT pg_advisory_unlock(%s)", [LOOKED])
        return pressed.result()


def five_have_not_given_back(crowd: Sequence[Visitor], **answers: str) -> list[Answer]:
    """Against that twin: five are counted, one after the other, and then all the others come before one gives back."""
    with psycopg.connect(database_url(), autocommit=True) as holder, ThreadPoolExecutor(5) as threads:
        holder.execute("SELECT pg_advisory_lock(%s)", [COUNTED])
        first = []
        for number in range(5):
            first.append(threads.submit(press_at_once, crowd[number : number + 1], **answers))
            _wait_for(holder, COUNTED, number + 1)
        others = press_at_once(crowd[5:], **answers)
        holder.execute("SELECT pg_advisory_unlock(%s)", [COUNTED])
        return [answer for one in first for answer in one.result()] + others


def _wait_for(holder: psycopg.Connection, lock: int, many: int) -> None:
    """Until so many wait for the lock, or nobody comes: then the twin is found out by what it answers.

    In this database: another worker of the suite may play the same volley in its own.
    """
    waiting = (
        "SELECT count(*) >= %s FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
        " WHERE datname = current_database() AND locktype = 'advisory' AND objid = %s AND NOT granted"
    )
    end = time.monotonic() + LONGEST
    while time.monotonic() < end and holder.execute(waiting, [many, lock]).fetchone() != (True,):
        time.sleep(0.01)

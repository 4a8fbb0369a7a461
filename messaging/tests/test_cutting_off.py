"""What takes too long is ended, and nothing else is."""

import os
import threading
import time

from messaging.gateways.cutting_off import LOOK_SECONDS, cut_off


def test_a_block_that_takes_too_long_is_aborted_and_only_once() -> None:
    aborted: list[float] = []
    once = threading.Event()

    def abort() -> None:
        aborted.append(time.monotonic())
        once.set()

    start = time.monotonic()
    with cut_off(0.2, abort):
        assert once.wait(30)
        time.sleep(3 * LOOK_SECONDS)
    assert len(aborted) == 1 and aborted[0] - start >= 0.2


def test_a_block_that_ends_in_time_is_not_aborted_later() -> None:
    aborted: list[int] = []
    for number in range(50):
        with cut_off(0.5, lambda number=number: aborted.append(number)):  # type: ignore[misc]
            pass
    time.sleep(0.5 + 3 * LOOK_SECONDS)
    assert aborted == []


def test_calls_at_once_have_ends_of_their_own() -> None:
    first, second = threading.Event(), threading.Event()
    with cut_off(0.1, first.set), cut_off(60, second.set):
        assert first.wait(30) and not second.is_set()


def test_one_that_cannot_be_aborted_does_not_end_the_watch() -> None:
    second = threading.Event()

    def broken() -> None:
        raise ValueError("already gone")

    with cut_off(0.05, broken):
        time.sleep(0.05 + 3 * LOOK_SECONDS)
    with cut_off(0.05, second.set):
        assert second.wait(30)


def test_calls_share_one_thread() -> None:
    for _call in range(20):
        with cut_off(30, lambda: None):
            pass
    assert [thread.name for thread in threading.enumerate()].count("cut-off") == 1


def test_a_forked_process_watches_its_own_calls() -> None:
    """As Celery's workers are: threads stay behind in the process that was forked."""
    with cut_off(30, lambda: None):
        pass
    child = os.fork()
    if child == 0:
        with cut_off(0.1, lambda: os._exit(7)):
            time.sleep(25)
        os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 7

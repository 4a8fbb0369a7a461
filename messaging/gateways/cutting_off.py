"""Ending what takes too long: a socket's own timeout starts anew with every byte that drips in.

One thread of the process watches every call. A thread a call, as `threading.Timer` has it, takes longer to start than
many a gateway takes to answer.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

LOOK_SECONDS = 0.1

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class _Call:
    end: float
    abort: Callable[[], None]


_calls: set[_Call] = set()
_lock = threading.Lock()
_watched = False


def _begin_anew() -> None:
    """In a process that was forked: the calls, and the thread that watched them, stayed behind."""
    global _lock, _watched
    _lock, _watched = threading.Lock(), False
    _calls.clear()


os.register_at_fork(after_in_child=_begin_anew)


@contextmanager
def cut_off(seconds: float, abort: Callable[[], None]) -> Iterator[None]:
    """Call `abort` when the block takes longer, at most a tenth of a second late."""
    call = _Call(time.monotonic() + seconds, abort)
    with _lock:
        _calls.add(call)
        _watch()
    try:
        yield
    finally:
        with _lock:
            _calls.discard(call)


def _watch() -> None:
    """Start the watch at the first call."""
    global _watched
    if not _watched:
        _watched = True
        threading.Thread(target=_cut_off_late_ones, name="cut-off", daemon=True).start()


def _cut_off_late_ones() -> None:
    while True:
        time.sleep(LOOK_SECONDS)
        now = time.monotonic()
        with _lock:  # so that a call that has just ended is not aborted
            for call in [call for call in _calls if call.end <= now]:
                _calls.discard(call)
                try:
                    call.abort()
                except Exception as error:  # the others are still to be watched
                    logger.error("a call could not be cut off: %s", type(error).__name__)

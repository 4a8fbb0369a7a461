"""Leaving a gateway alone that does not serve: after a few failures in a row it rests, and then one call tries it.

Each process rests by itself, so an outage costs every process a call in half a minute, however many messages wait.
"""

import random
import threading
import time
from dataclasses import dataclass

FAILURES_IN_A_ROW = 3
FIRST_SECONDS = 5.0
LONGEST_SECONDS = 30.0


@dataclass(slots=True)
class _Rest:
    failures: int = 0
    length: float = FIRST_SECONDS / 2
    until: float = 0.0


_rests: dict[str, _Rest] = {}
_lock = threading.Lock()


def resting(gateway: str) -> float:
    """For how many seconds from now nobody should call this gateway; 0 when it may be called."""
    rest = _rests.get(gateway)
    return max(rest.until - time.monotonic(), 0.0) if rest else 0.0


def answered(gateway: str) -> None:
    """It served us, be it by refusing."""
    _rests.pop(gateway, None)


def failed(gateway: str) -> None:
    """It did not serve us. The third time in a row, and each time after that, it rests: from 5 to 30 seconds."""
    with _lock:
        rest = _rests.setdefault(gateway, _Rest())
        rest.failures += 1
        if rest.failures >= FAILURES_IN_A_ROW:
            rest.length = min(rest.length * 2, LONGEST_SECONDS)
            # With a quarter of jitter, so that processes do not come back together.
            rest.until = time.monotonic() + rest.length * random.uniform(0.75, 1.25)


def forget_rests() -> None:
    """Call every gateway again."""
    _rests.clear()

"""Leaving a gateway unasked that cannot say what became of messages: it says so, or it has known none of many.

Each process keeps this for itself, as it keeps `rests`; an hour later it asks again.
"""

import time
from datetime import timedelta

SILENCE = timedelta(hours=1)
UNKNOWN_IN_A_ROW = 50
"""Whoever has a place to ask knows some of so many messages that it has taken; whoever has none answers 404 to all."""

_until: dict[str, float] = {}
_unknown: dict[str, int] = {}


def is_on(gateway: str) -> bool:
    """Whether this gateway is not to be asked."""
    return _until.get(gateway, 0.0) > time.monotonic()


def begin(gateway: str) -> None:
    """Ask this gateway nothing for an hour."""
    _unknown.pop(gateway, None)
    _until[gateway] = time.monotonic() + SILENCE.total_seconds()


def heard(gateway: str, *, known: bool) -> None:
    """It was asked about a message, and knew it or not."""
    if known:
        _unknown.pop(gateway, None)
        return
    _unknown[gateway] = _unknown.get(gateway, 0) + 1
    if _unknown[gateway] >= UNKNOWN_IN_A_ROW:
        begin(gateway)


def forget() -> None:
    """Ask every gateway again."""
    _until.clear()
    _unknown.clear()

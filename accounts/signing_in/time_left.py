"""How long somebody stays signed in from this page on, and when they are warned of the end.

Two ends: without activity, which any page puts off, and altogether, which only signing in again does. Of the second
the pages tell from `WARNED` before it on. That is longer than anybody is signed in without asking for a page, so
nobody who is still there comes to that end without having been told.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

WARNED = timedelta(minutes=30)
ASKED = timedelta(minutes=5)
"""So long before the end altogether a page that is still open asks, with JavaScript."""


@dataclass(frozen=True)
class TimeLeft:
    """At `now`: `idle_at` without any further page, `ends_at` however active."""

    now: datetime
    idle_at: datetime
    ends_at: datetime

    @property
    def soon(self) -> bool:
        """Whether the end altogether is near enough to be told of."""
        return self.ends_at - self.now <= WARNED

    @property
    def first_at(self) -> datetime:
        """The end of this page, if no other is asked for."""
        return min(self.idle_at, self.ends_at)

    @property
    def seconds_to_ask(self) -> int:
        """After so many seconds the page asks to sign in again; never where its reader has just been told."""
        return max(0, int((self.ends_at - ASKED - self.now).total_seconds()))

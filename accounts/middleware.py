"""How long somebody stays signed in."""

import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.models import User

KEY = "signed_in"
MINUTE, HOUR = 60, 3600
CARDHOLDER = (20 * MINUTE, 12 * HOUR)
STAFF = (15 * MINUTE, 10 * HOUR)
"""Without activity, and altogether (domain.md, "Defaults"); seconds."""

NOTED_EVERY = 30
"""Activity is written down no more often than this, so that not every page writes the session."""


class SignedInTimes:
    """Signs people out after a time without activity, or altogether; `request.signed_out_by_time` says that it did."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if SESSION_KEY in request.session:
            self.look_at_the_clock(request)
        return self.get_response(request)

    def look_at_the_clock(self, request: HttpRequest) -> None:
        at = time.time()
        since, seen, idle, altogether = request.session.get(KEY, (0, 0, 0, 0))
        if at - seen >= idle + NOTED_EVERY or at - since >= altogether:
            logout(request)
            request.signed_out_by_time = True  # type: ignore[attr-defined]
        elif at - seen >= NOTED_EVERY:
            request.session[KEY] = (since, at, idle, altogether)


def start_the_clock(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Note the moment of signing in, by whichever door (connected to the signal in `accounts.apps`)."""
    at = time.time()
    request.session[KEY] = (at, at, *(STAFF if user.is_staff else CARDHOLDER))

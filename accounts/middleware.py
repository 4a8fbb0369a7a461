"""How long somebody stays signed in, and by which cookie their browser is known again."""

import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts import services
from accounts.models import User
from accounts.models.sessions import ALTOGETHER, IDLE
from accounts.signing_in import kept_posts, sessions
from accounts.signing_in.browsers import browser_of
from accounts.signing_in.time_left import TimeLeft
from vault.client_address import client_address, subnet

KEY = "signed_in"
CARDHOLDER = (IDLE, ALTOGETHER)
STAFF = (timedelta(minutes=15), timedelta(hours=10))
"""Without activity, and altogether (domain.md, "Defaults")."""

SIGN_IN_AGAIN = "_again"
"""The button of an account's page that ends the session before its time does."""

COOKIE = "device"
COOKIE_AGE = timedelta(days=400)
"""The longest that browsers keep a cookie (RFC 6265bis, 5.5)."""
COOKIE_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class SignedInTimes:
    """Signs people out whose session has ended, by time or by anybody; `request.signed_out` says that it did, and
    `request.time_left` how long the others stay."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user_id = request.session.get(SESSION_KEY)
        if user_id is not None:
            request.time_left = left = _time_left(request, UUID(user_id))  # type: ignore[attr-defined]
            if left is None:
                _sign_out(request)
        response = self.get_response(request)
        if cookie := getattr(request, "device_cookie", ""):
            response.set_cookie(
                COOKIE,
                cookie,
                max_age=COOKIE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    def process_view(self, request: HttpRequest, *args: Any) -> None:
        """Let "sign in again now" end the session at once; the page then keeps what was typed, as after any other end.

        It comes after the CSRF check, so nobody else's page can press the button. What nobody signed in sends is not
        read: a provider's receipt is raw.
        """
        signed_in = getattr(request, "time_left", None) is not None
        if signed_in and request.method == "POST" and SIGN_IN_AGAIN in request.POST and isinstance(request.user, User):
            _sign_out(request)


def _sign_out(request: HttpRequest) -> None:
    kept_posts.sign_out(request)
    request.signed_out = True  # type: ignore[attr-defined]


def _time_left(request: HttpRequest, user_id: UUID) -> TimeLeft | None:
    kept = request.session.get(KEY)
    if kept is None:
        return None
    session_id, idle, altogether = kept
    return sessions.goes_on(
        session_id=UUID(session_id),
        user_id=user_id,
        network=subnet(client_address(request)),
        idle=timedelta(seconds=idle),
        altogether=timedelta(seconds=altogether),
        at=timezone.now(),
    )


def session_id_of(request: HttpRequest) -> UUID | None:
    """The row of the session that this browser is signed in by."""
    kept = request.session.get(KEY)
    return UUID(kept[0]) if kept else None


def begin_session(sender: Any, request: Any, user: User, **kwargs: Any) -> None:
    """Begin the session of whoever signed in, by whichever door (connected to the signal in `accounts.apps`)."""
    sent = request.COOKIES.get(COOKIE, "")
    cookie = sent if COOKIE_SHAPE.fullmatch(sent) else secrets.token_urlsafe(32)
    programme = getattr(request, "programme", None)
    session = services.begin_session(
        user=user,
        device_cookie=cookie,
        browser=browser_of(request.headers.get("User-Agent", "")),
        network=subnet(client_address(request)),
        programme_code=programme.code if programme else "",
    )
    limits = STAFF if user.is_staff else CARDHOLDER
    request.session[KEY] = [str(session.pk), *(int(limit.total_seconds()) for limit in limits)]
    kept_posts.leave_to(request, user)
    if not user.is_staff:
        request.device_cookie = cookie


def end_session(sender: Any, request: Any, user: User | None, **kwargs: Any) -> None:
    """End the session of whoever signs out (connected to the signal in `accounts.apps`)."""
    session_id = session_id_of(request)
    if session_id and user is not None:
        sessions.end(session_id, user.pk, timezone.now())

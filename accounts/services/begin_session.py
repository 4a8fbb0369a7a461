"""Beginning a session."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User, UserSession
from accounts.signing_in import sessions


def begin_session(
    *, user: User, device_cookie: str, browser: str, network: str, programme_code: str = ""
) -> UserSession:
    """Write down that somebody who has proved who they are is signed in now, and tell the account's contacts of a
    device that is new to it. `browser` is of `browsers.browser_of`, `network` of `client_address.subnet`."""
    with transaction.atomic():
        return sessions.begin(
            user=user,
            device_cookie=device_cookie,
            browser=browser,
            network=network,
            programme_code=programme_code,
            at=timezone.now(),
        )

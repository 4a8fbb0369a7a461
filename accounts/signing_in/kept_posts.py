"""What was typed into a page that was sent too late, kept and offered again: to the account whose page it was.

Too late is after the session had ended, or after its person had signed in again in another tab: signing in changes the
CSRF secret, so an older page carries the earlier one. It is still a proof that the page was ours and this browser's,
but nothing is done by it before the person has looked at the form again.

What is kept is a draft like every other (sealed, 20 minutes, no secrets, no codes), in the session of nobody that
follows the ended one. Only the account whose session it was gets to see it: on a shared computer somebody else may be
the next to sign in.
"""

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest
from django.middleware.csrf import (  # type: ignore[attr-defined]
    CSRF_SECRET_LENGTH,
    InvalidTokenFormat,
    _check_token_format,
    _does_token_match,
)

from accounts.models import User
from pages.drafts import drop_drafts

OWNER = "drafts_of"
EARLIER = "earlier_csrf"


def sign_out(request: HttpRequest) -> None:
    """Sign out whoever is signed in, and remember whose session it was: what is kept from now on is theirs."""
    user_id = request.session.get(SESSION_KEY)
    logout(request)
    if user_id is not None:
        request.session[OWNER] = user_id


def has_owner(request: HttpRequest) -> bool:
    """Whether it is known whose session this browser's was."""
    return OWNER in request.session


def leave_to(request: HttpRequest, user: User) -> None:
    """Leave what was kept to whoever has signed in, and know their older pages; forget what is somebody else's."""
    owner = request.session.pop(OWNER, None)
    request.session.pop(EARLIER, None)
    if owner not in (None, str(user.pk)):
        drop_drafts(request)
        return
    secret = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    if len(secret) == CSRF_SECRET_LENGTH:
        request.session[EARLIER] = [secret, owner is not None]


def is_earlier_page(request: HttpRequest, *, of_account: bool) -> bool:
    """Whether what is posted comes from a page that this browser showed just before its person signed in; a page
    `of_account` only if it was theirs then, too."""
    secret, owned = request.session.get(EARLIER, ("", False))
    if not secret or (of_account and not owned):
        return False  # before the body is read, which somebody else may never send
    token = request.POST.get("csrfmiddlewaretoken", "")
    try:
        _check_token_format(token)
    except InvalidTokenFormat:
        return False
    return bool(_does_token_match(token, secret))

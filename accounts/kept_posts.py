"""What was typed into a page of an account and sent after its session had ended: kept, and offered after signing in.

It is a draft like every other (sealed, 20 minutes, no secrets), in the session of nobody that follows the ended one.
Only the account whose session it was gets to see it: on a shared computer somebody else may be the next to sign in.
"""

from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest

from accounts.models import User
from pages.drafts import drop_drafts

OWNER = "drafts_of"


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
    """Leave what was kept to whoever has signed in, or forget it if it is somebody else's."""
    if request.session.pop(OWNER, str(user.pk)) != str(user.pk):
        drop_drafts(request)

"""What was typed into a page of an account and sent after its session had ended: kept, and offered after signing in.

It is a draft like every other (sealed, 20 minutes, no secrets), in the session of nobody that follows the ended one.
Only the account whose session it was gets to see it: on a shared computer somebody else may be the next to sign in.
"""

from django.http import HttpRequest

from accounts.models import User
from pages.drafts import drop_drafts

OWNER = "drafts_of"


def keep_for(request: HttpRequest, user_id: str) -> None:
    """Say whose session this browser's was, so that what is kept from now on is theirs."""
    request.session[OWNER] = user_id


def leave_to(request: HttpRequest, user: User) -> None:
    """Leave what was kept to whoever has signed in, or forget it if it is somebody else's."""
    if request.session.pop(OWNER, str(user.pk)) != str(user.pk):
        drop_drafts(request)

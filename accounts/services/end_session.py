"""Ending one session of an account, or all of them."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.account_events import record, record_done
from accounts.models import UserSession
from accounts.own_account import closing
from accounts.refusals import NoSuchSession
from accounts.signing_in import sessions
from cards.events import Actor


def end_session(*, session_id: UUID, user_id: UUID) -> None:
    """End a session of this account: its browser is signed out at its next request. One that has ended stays so.

    Raises NoSuchSession.
    """
    session = UserSession.objects.filter(pk=session_id, user_id=user_id).first()
    if session is None:
        raise NoSuchSession
    with transaction.atomic(durable=True):
        if sessions.end(session.pk, user_id, timezone.now()):
            record(user_id=user_id, kind="session_ended", browser=session.browser)


def sign_out_everywhere(*, user_id: UUID, actor: Actor | None = None, reason: str = "", comment: str = "") -> None:
    """End every session of an account, and every code that could begin another one: by its owner, or by `actor`."""
    with transaction.atomic(durable=True):
        at = timezone.now()
        sessions.end_all(user_id, at)
        closing.end_codes(user_id, at)
        record_done(
            user_id=user_id,
            own="signed_out_everywhere",
            by_staff="signed_out_by_staff",
            actor=actor or Actor.cardholder(user_id),
            reason=reason,
            comment=comment,
        )

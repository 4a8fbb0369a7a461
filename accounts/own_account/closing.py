"""Closing an account, and opening it again when it was not its owner. All run inside the caller's transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import account_events
from accounts.binding.ending import end_all_help
from accounts.binding.joining import bind_card, programme_of
from accounts.contacts import channel_of, index_of, mask
from accounts.models import AccountCode, BindingCode, CardBinding, CardHelper, SignInCode, User
from accounts.own_account import contact_changes
from accounts.signing_in import sessions
from cards.dimensions import Via
from cards.events import Actor, record_event
from cards.models.card_event import EventKind
from messaging.services import queue_message
from vault.sweeping import update_in_steps

CLOSED, CLOSED_BY_STAFF = "account_closed", "account_closed_by_staff"
REOPENED, REOPENED_BY_STAFF = "account_reopened", "account_reopened_by_staff"
KEEPS_CONTACTS = timedelta(days=7)
"""As long as a link "it was not me" lives; then nobody can be reached, and nothing can be undone."""

NOTICE_WORTH = timedelta(days=3)
REACHABLE = Q(phone_index__isnull=False) | Q(email_index__isnull=False)


def close(
    user_id: UUID,
    *,
    actor: Actor | None = None,
    channel: Via = Via.WEB,
    reason: str = "closed",
    comment: str = "",
) -> bool:
    """Close the account: nobody is in it from the next request on, its cards leave it and work on. Whether this call
    did it. Nothing is deleted: what must be kept is kept as long as it would have been anyhow.

    By its owner, or by `actor`.
    """
    actor = actor or Actor.cardholder(user_id)
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    at = timezone.now()  # not earlier: a card may have joined while we waited
    contact_changes.stop(user_id, at)
    if not User.objects.cardholders().filter(pk=user_id, closed_at=None).update(closed_at=at, is_active=False):
        return False
    programme = programme_of(user_id)
    bindings = CardBinding.objects.live().filter(user_id=user_id)
    for card_id in list(bindings.order_by("card_id").values_list("card_id", flat=True)):
        if bindings.filter(card_id=card_id).update(ended_at=at):
            record_event(
                card_id=card_id,
                kind=EventKind.UNBOUND,
                actor=actor,
                channel=channel,
                reason=reason,
                comment=comment,
            )
            end_all_help(CardHelper.objects.filter(card=card_id), actor=actor, channel=channel, at=at)
    end_all_help(CardHelper.objects.filter(user=user_id), actor=actor, channel=channel, at=at)
    end_codes(user_id, at)
    sessions.end_all(user_id, at)
    account_events.record_done(
        user_id=user_id, own=CLOSED, by_staff=CLOSED_BY_STAFF, actor=actor, reason=reason, comment=comment
    )
    _tell(CLOSED, user, at, programme)
    return True


def reopenable(at: datetime) -> QuerySet[User]:
    """Those that can still be opened again: closed less than a week ago, with a contact that is in no new account."""
    return User.objects.closed().filter(REACHABLE, closed_at__gt=at - KEEPS_CONTACTS)


def reopen(
    user_id: UUID,
    at: datetime,
    *,
    actor: Actor | None = None,
    channel: Via = Via.WEB,
    reason: str = "",
    comment: str = "",
) -> bool:
    """Open it again with the cards that left it and are in no other account; whether this call did it.

    Help that closing has ended stays ended: it was agreed to between two people, both were told of its end, and the
    other one may have thought better of it since. Whoever is to help is let in anew, by the holder's code.

    A contact that a new account has got stays there: whoever reads it has chosen so. By its owner, or by `actor`.
    """
    actor = actor or Actor.cardholder(user_id)
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    closed_at = user.closed_at
    if closed_at is None:
        return False
    if not reopenable(at).filter(pk=user_id).update(closed_at=None, is_active=True):
        return False
    left = CardBinding.objects.filter(user_id=user_id, ended_at=closed_at)
    for card_id in list(left.order_by("card_id").values_list("card_id", flat=True)):
        bind_card(card_id=card_id, user_id=user_id, actor=actor, channel=channel, reason=reason, comment=comment)
    account_events.record_done(
        user_id=user_id, own=REOPENED, by_staff=REOPENED_BY_STAFF, actor=actor, reason=reason, comment=comment
    )
    _tell(REOPENED, user, at, programme_of(user_id))
    return True


def _tell(kind: str, user: User, at: datetime, programme: str) -> None:
    for contact in filter(None, [user.phone, user.email]):
        queue_message(
            kind=kind,
            channel=channel_of(contact),
            subject_id=user.pk,
            contact_index=index_of(contact),
            to_masked=mask(contact),
            language=user.language,
            deadline=at + NOTICE_WORTH,
            programme_code=programme,
        )


def end_codes(user_id: UUID, at: datetime) -> int:
    """End the codes by which somebody could get into the account, or change it; how many."""
    BindingCode.objects.filter(user_id=user_id).revoke(at)
    revoked: int = SignInCode.objects.filter(user_id=user_id).revoke(at)
    return revoked + int(AccountCode.objects.filter(user_id=user_id).revoke(at))


def forget_contacts() -> int:
    """Delete the contacts of accounts that were closed a week ago, step by step; how many accounts."""
    over = User.objects.closed().filter(REACHABLE, closed_at__lte=timezone.now() - KEEPS_CONTACTS)
    nothing = dict.fromkeys(("phone", "phone_index", "email", "email_index"))
    return update_in_steps(over.order_by("closed_at"), nothing)

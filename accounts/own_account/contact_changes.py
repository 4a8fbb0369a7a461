"""What becomes of a change of a contact. Everything here runs inside the caller's transaction.

Cards are locked before their account, as a new PIN does. Until `takes_effect_at` the account keeps its old contact, so
every code goes there; at that moment, and not before, one conditional statement puts the new one in its place.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts import account_events
from accounts.binding.joining import programme_of, release
from accounts.contacts import channel_of, index_of, mask
from accounts.models import CardBinding, ContactChange, User
from accounts.models.contact_changes import WAITS
from accounts.own_account.codes import owner_of
from cards import registered
from cards.models import Card
from messaging.services import queue_message
from vault.fields import sealed

NOTICE_WORTH = timedelta(days=3)
BEGUN, CHANGED, KEPT = "contact_change_begun", "contact_changed", "contact_kept"
UNDONE = "contact_put_back"
Outcome = ContactChange.Outcome


def confirm(change: ContactChange, at: datetime) -> bool:
    """Both contacts are proved: it takes effect in 24 hours, and everybody is told. False when it was decided."""
    open_ones = ContactChange.objects.provable(at).filter(pk=change.pk, old_proved_at__isnull=False)
    if not open_ones.update(confirmed_at=at, takes_effect_at=at + WAITS):
        return False
    change.refresh_from_db()
    _note(change, BEGUN)
    tell_contacts(change, BEGUN, at)
    return True


def settle(change_id: UUID, at: datetime) -> bool:
    """Put the new contact in the place of the old one, in the account and on its cards; whether this call did it.

    Where that cannot be any more, because another account has got the contact or the old one is gone, it ends too.
    """
    change = _locked(change_id)
    if not ContactChange.objects.due(at).filter(pk=change_id).update(ended_at=at, outcome=Outcome.APPLIED):
        return False
    if _swap(change, change.old_index, change.new):
        _carry_to_cards(change)
        _note(change, CHANGED)
        tell_contacts(change, CHANGED, at)
        return True
    ContactChange.objects.filter(pk=change_id).update(outcome=Outcome.IMPOSSIBLE)
    _note(change, KEPT)
    tell_contacts(change, KEPT, at)
    return False


def stop(user_id: UUID, at: datetime, outcome: str = Outcome.STOPPED) -> int:
    """End the change that is not in effect yet; how many there were. One that people were told of is told again."""
    User.objects.select_for_update(no_key=True).get(pk=user_id)
    waiting = ContactChange.objects.waiting().filter(user=user_id).first()
    ended = ContactChange.objects.filter(user=user_id, ended_at=None).update(ended_at=at, outcome=outcome)
    if ended and waiting:
        _note(waiting, KEPT)
        tell_contacts(waiting, KEPT, at)
    return ended


def undo(change_id: UUID, at: datetime) -> bool:
    """It was not them: stop the change, or put the old contact back in its place; whether anything was done."""
    change = _locked(change_id)
    ours = ContactChange.objects.filter(pk=change_id)
    if ours.filter(ended_at=None).update(ended_at=at, outcome=Outcome.STOPPED):
        _note(change, KEPT)
        tell_contacts(change, KEPT, at)
        return True
    if not change.new or not ours.filter(outcome=Outcome.APPLIED).update(outcome=Outcome.UNDONE):
        return False
    undone = _swap(change, change.new_index, change.old)
    if undone:
        _carry_to_cards(change, back=True)
        _note(change, UNDONE)
        tell_contacts(change, KEPT, at)
    return undone


def tell_contacts(change: ContactChange, kind: str, at: datetime) -> None:
    """One message of `kind` to everybody concerned: all contacts of the account, the old one and the new one."""
    for contact in contacts_told(change):
        queue_message(
            kind=kind,
            channel=channel_of(contact),
            subject_id=change.pk,
            contact_index=index_of(contact),
            to_masked=mask(contact),
            language=change.user.language,
            deadline=at + NOTICE_WORTH,
            programme_code=programme_of(change.user_id),
            idempotency_key=f"{kind}:{change.pk}:{index_of(contact).hex}",
        )


def contacts_told(change: ContactChange) -> list[str]:
    """Who hears of a change: each address once."""
    user = User.objects.get(pk=change.user_id)
    return list(dict.fromkeys(filter(None, [user.phone, user.email, change.old, change.new])))


def _locked(change_id: UUID) -> ContactChange:
    """The change, with its account and the account's cards locked."""
    change = ContactChange.objects.select_related("user").get(pk=change_id)
    list(_cards_of(change).select_for_update().values_list("pk", flat=True))
    User.objects.select_for_update(no_key=True).get(pk=change.user_id)
    return change


def _cards_of(change: ContactChange) -> QuerySet[Card]:
    mine = CardBinding.objects.live().filter(user_id=change.user_id).values("card_id")
    return Card.objects.filter(pk__in=mine).order_by("pk")


def _swap(change: ContactChange, held: UUID | None, contact: str) -> bool:
    """Give the account this contact in the place of the one it holds; one conditional statement.

    An account whose owner has closed it gives its contacts away.
    """
    field, index = change.field, index_of(contact) if contact else None
    if index and owner_of(index, but=change.user_id):
        return False
    release(index)
    ours = User.objects.filter(pk=change.user_id, closed_at=None, **{f"{field}_index": held})
    try:
        with transaction.atomic():
            return bool(ours.update(**{field: sealed(User, field, change.user_id, contact), f"{field}_index": index}))
    except IntegrityError:  # somebody was faster, or the account would have no contact at all
        return False


def _carry_to_cards(change: ContactChange, *, back: bool = False) -> None:
    """Where a card of the account had the old contact registered, it gets the new one; or one it had none of.

    The old one was proved, so who changes it is whom the card's own codes would have reached.
    """
    field, other = change.field, "email" if change.field == "phone" else "phone"
    held, contact = (change.new_index, change.old) if back else (change.old_index, change.new)
    cards = _cards_of(change).filter(**{f"{field}_index": held})
    if not change.old_index:
        cards = cards.filter(**{f"{other}_index": change.proof_index})
    for card_id in list(cards.values_list("pk", flat=True)):
        registered.change_contact(card_id=card_id, field=field, held=held, contact=contact, user_id=change.user_id)


def _note(change: ContactChange, kind: str) -> None:
    account_events.record(user_id=change.user_id, kind=kind, contact=mask(change.new))

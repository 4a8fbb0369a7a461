"""Another phone or email for an account: a code to the old contact, a code to the new one, and 24 hours."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.contacts import field_of, index_of
from accounts.models import ContactChange, User
from accounts.own_account import contact_changes
from accounts.own_account.codes import Asked
from accounts.refusals import ChangeWaits, ContactKnown, NotSentThere, Refusal
from accounts.services.prove_contact import prove_contact
from messaging.budgets import is_closed
from messaging.destinations import known_destinations


def begin_contact_change(*, user_id: UUID, contact: str) -> ContactChange:
    """Write down which contact (E.164 or email) the account is to get; one that is being proved is replaced.

    Whether another account has the contact is not looked at, so that nobody is told. Raises ContactKnown where the
    account has it already, NotSentThere where no text messages go to the number's country, and ChangeWaits while an
    earlier change waits for its moment.
    """
    with transaction.atomic(durable=True):
        outcome = _begin(user_id, contact)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def _begin(user_id: UUID, contact: str) -> ContactChange | Refusal:
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    index, field, at = index_of(contact), field_of(contact), timezone.now()
    if index in (user.phone_index, user.email_index):
        return ContactKnown()
    if field == "phone" and is_closed(contact, known_destinations()):
        return NotSentThere()
    waiting = ContactChange.objects.waiting().filter(user=user).first()
    if waiting is not None and waiting.takes_effect_at:
        return ChangeWaits(waiting.takes_effect_at)
    contact_changes.stop(user_id, at, ContactChange.Outcome.REPLACED)
    old = user.phone if field == "phone" else user.email
    return ContactChange.objects.create(
        user=user,
        field=field,
        old=old,
        old_index=index_of(old) if old else None,
        new=contact,
        new_index=index,
        proof_index=index_of(old or user.phone or user.email),
        asked_at=at,
    )


def prove_old_contact(*, asked: Asked, otp: str, address: str, press: str = "") -> None:
    """Try the code that went to a contact of the account. Raises what `prove_contact` raises."""

    def mark(at: object) -> bool:
        changes = ContactChange.objects.filter(
            pk=asked.change, user=UUID(asked.user), ended_at=None, old_proved_at=None
        )
        return bool(changes.update(old_proved_at=at))

    prove_contact(asked=asked, otp=otp, address=address, press=press, then=mark)


def prove_new_contact(*, asked: Asked, otp: str, address: str, press: str = "") -> None:
    """Try the code that went to the new contact; with it the 24 hours begin, and every contact is told.

    Raises what `prove_contact` raises.
    """
    change = ContactChange.objects.select_related("user").get(pk=asked.change)
    prove_contact(
        asked=asked, otp=otp, address=address, press=press, then=lambda at: contact_changes.confirm(change, at)
    )


def stop_contact_change(*, user_id: UUID) -> bool:
    """The account keeps its contact; whether there was a change not in effect yet."""
    with transaction.atomic(durable=True):
        return bool(contact_changes.stop(user_id, timezone.now()))

"""Whose account a card is in. Runs inside the caller's transaction."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.utils import timezone

from accounts.contacts import field_of, index_of
from accounts.models import CardBinding, User
from cards.dimensions import Via
from cards.events import Actor, record_event
from cards.models import Programme
from cards.models.card_event import EventKind


def account_for_contact(*, contact: str, language: str = settings.LANGUAGE_CODE) -> User:
    """Find the account of a confirmed phone (E.164) or email, or make it.

    One INSERT that gives way to a row already there, so that two cards activated at once share one account. One that
    its owner has closed stays closed: its contact goes to the new one. Only call it with a contact that its reader has
    confirmed. Raises ValueError for none.
    """
    if not contact:
        raise ValueError("An account needs a contact.")
    user = User(language=language, **{field_of(contact): contact})
    user.set_unusable_password()
    index = index_of(contact)
    while True:
        release(index)
        User.objects.bulk_create([user], ignore_conflicts=True)
        # Locked, so that its owner cannot close it meanwhile; who closed it a moment ago has given the contact away.
        found = User.objects.holding_contact(index).select_for_update(no_key=True).first()
        if found is not None and found.closed_at is None:
            return found


def release(index: uuid.UUID | None) -> None:
    """Take a contact from closed accounts, for the account of whoever has proved it now."""
    if index:
        closed = User.objects.closed()
        closed.filter(phone_index=index).update(phone=None, phone_index=None)
        closed.filter(email_index=index).update(email=None, email_index=None)


def bind_card(
    *,
    card_id: uuid.UUID,
    user_id: uuid.UUID,
    actor: Actor | None = None,
    channel: Via = Via.WEB,
    reason: str = "",
    comment: str = "",
) -> CardBinding:
    """Put a card into an account and record it on the card; a card that is in an account already stays there.

    Gives the live binding: compare its `user_id` where the card may be somebody else's. Only the card joins: its other
    registered contacts join an account when they are confirmed there. By the account's owner, or by `actor`.
    """
    binding = CardBinding(card_id=card_id, user_id=user_id, bound_at=timezone.now())
    CardBinding.objects.bulk_create([binding], ignore_conflicts=True)
    live = CardBinding.objects.live().get(card_id=card_id)
    if live.pk == binding.pk:
        record_event(
            card_id=card_id,
            kind=EventKind.BOUND,
            actor=actor or Actor.cardholder(user_id),
            channel=channel,
            reason=reason,
            comment=comment,
        )
    return live


def programme_of(user_id: uuid.UUID) -> str:
    """In whose name an account is written to: the programme of its newest card; "" where it has none."""
    cards = CardBinding.objects.filter(user=user_id).order_by("-pk").values("card__programme_id")[:1]
    return Programme.objects.filter(pk__in=cards).values_list("code", flat=True).first() or ""

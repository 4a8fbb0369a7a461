"""Taking a card out of an account, and ending somebody's help with one."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.binding import ending
from accounts.models import CardBinding, CardHelper
from cards.dimensions import Via
from cards.events import Actor


def remove_card(*, card_id: UUID, user_id: UUID) -> bool:
    """Take the card out of this account, with all help for it; False when it is not there (any more)."""
    with transaction.atomic(durable=True):
        binding = CardBinding.objects.live().filter(card_id=card_id, user_id=user_id).first()
        return binding is not None and ending.unbind_card(
            binding_id=binding.pk, actor=Actor.cardholder(user_id), channel=Via.WEB, at=timezone.now()
        )


def end_help(
    *, card_id: UUID, helper_id: UUID, actor: Actor, channel: Via, reason: str = "", comment: str = ""
) -> bool:
    """End this help with this card; False when there is no such help (any more)."""
    with transaction.atomic(durable=True):
        return CardHelper.objects.live().filter(pk=helper_id, card_id=card_id).exists() and ending.end_help(
            helper_id=helper_id, actor=actor, channel=channel, at=timezone.now(), reason=reason, comment=comment
        )

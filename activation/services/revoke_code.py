"""Ending a card's activation code by hand."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from activation.models import ActivationCode
from activation.refusals import CodeInUse, NoCodeToRevoke, Refusal
from cards.dimensions import State, Via
from cards.events import Actor, record_event
from cards.models import Card
from cards.models.card_event import EventKind
from cards.moves import OTHER

REASONS = ("requested", "wrong_contact", "fraud", OTHER)
"""Why a code is revoked by hand; `other` needs a comment."""


def revoke_code(*, card_id: uuid.UUID, actor: Actor, channel: Via, reason: str, comment: str = "") -> None:
    """End the code that the card has, reserved by an open attempt or not, and write down who did it and why.

    Raises NoCodeToRevoke, and CodeInUse when the details that were submitted with it are being checked.
    """
    with transaction.atomic(durable=True):
        refusal = _revoke(card_id, actor, channel, reason, comment)
    if refusal is not None:
        raise refusal


def _revoke(card_id: uuid.UUID, actor: Actor, channel: Via, reason: str, comment: str) -> Refusal | None:
    # The same lock as a submission takes first: either it finds the code revoked, or we find the card submitted.
    codes = ActivationCode.objects.filter(card_id=card_id)
    held = list(codes.unfinished().select_for_update().values_list("pk", flat=True))
    if held and Card.objects.filter(pk=card_id, state=State.ACTIVATING).exists():
        return CodeInUse()
    if not codes.filter(pk__in=held).revoke(timezone.now()):
        return NoCodeToRevoke()
    record_event(
        card_id=card_id,
        kind=EventKind.CODE_REVOKED,
        actor=actor,
        channel=channel,
        reason=reason,
        comment=comment,
    )
    return None

"""The current activation code of somebody's own card, shown to them as the message and the hotline would give it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.refusals import Refusal, TooManySends
from activation.models import ActivationCode
from activation.own_cards import own_pending_cards
from activation.refusals import NoCodeNow
from cards.dimensions import Via
from cards.events import Actor, record_event
from cards.models.card_event import EventKind
from vault import limits
from vault.limits import Limit

SHOWN_A_DAY = Limit(
    name="activation-code-shown",
    sentence="An activation code shown five times in 24 hours in the account",
    tries=5,
    window=timedelta(days=1),
)


def show_code(*, user: User, card_id: UUID) -> ActivationCode:
    """Count and write down that the code is shown, and give it.

    Raises, after that is committed: NoCodeNow (no code lives, or the card is none of this account's pending ones) and
    TooManySends (five times in 24 hours).
    """
    with transaction.atomic(durable=True):
        outcome = _show(user, card_id, timezone.now())
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def current_code(user: User, card_id: UUID, at: datetime) -> ActivationCode | None:
    """The code that would open the journey of this card now."""
    cards = own_pending_cards(user.pk).filter(pk=card_id).values("pk")
    codes = ActivationCode.objects.live(at).enterable(at).filter(card__in=cards)
    code: ActivationCode | None = codes.select_related("card").first()
    return code


def _show(user: User, card_id: UUID, at: datetime) -> ActivationCode | Refusal:
    code = current_code(user, card_id, at)
    if code is None:
        return NoCodeNow()
    counted = limits.count(SHOWN_A_DAY, str(card_id))
    if not counted.allowed:
        return TooManySends(counted.until or at)
    record_event(
        card_id=card_id,
        kind=EventKind.CODE_SHOWN,
        actor=Actor.cardholder(user.pk),
        channel=Via.WEB,
        reason=code.channel,
    )
    return code

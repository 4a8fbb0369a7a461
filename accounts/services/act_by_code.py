"""Six digits that freeze a card, lift that, or say "it was not me": tried, used and acted upon in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import address_limits
from accounts.code_tries import locked_until, use_code
from accounts.loss import denials
from accounts.loss import reporting as loss
from accounts.loss.codes import PURPOSE, Asked, cards_meant, codes_for
from accounts.models import CodeRequest
from accounts.models.loss_codes import Act
from accounts.refusals import Refusal
from accounts.sending_limits import for_losses
from accounts.services.request_code import request_code
from accounts.tasks import tell_issuers
from cards.dimensions import Via
from cards.events import Actor
from messaging.enqueue import enqueue
from vault.limits import Limit

LOSS_TRIES = Limit(
    name="loss-tries",
    sentence="Five wrong codes for one card ending and contact, then a wait that doubles from 15 minutes to a day",
    tries=5,
    window=timedelta(days=1),
    penalty=timedelta(minutes=15),
    penalty_cap=timedelta(days=1),
)
LOSS_TRIES_A_DAY = Limit(
    name="loss-tries-a-day",
    sentence="Ten wrong codes for one card ending and contact in 24 hours",
    tries=10,
    window=timedelta(days=1),
)
LOSS_LIMITS = (LOSS_TRIES, LOSS_TRIES_A_DAY)


def request_loss_code(*, asked: Asked, address: str, programme: str = "", press: str = "") -> CodeRequest:
    """Ask for the code; known and unknown alike. Raises what `request_code` raises."""
    subject = for_losses(asked.contact)
    return request_code(purpose=PURPOSE, body=asked.body(programme), subject=subject, address=address, press=press)


def act_by_code(*, asked: Asked, otp: str, address: str, press: str = "") -> list[UUID]:
    """Try the digits; the cards that were meant. One card is acted upon at once; of several, nothing is done yet.

    Tries are counted for what was typed. Raises, after the count is committed: TooManyChecks, TooManyTries,
    CodeNotAccepted, CodeExpired (ask for a new code), CodeUsed.
    """
    address_limits.count_check(address)
    with transaction.atomic(durable=True):
        outcome = _try(asked, otp, press, timezone.now())
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def act_on_card(*, act: str, card_id: UUID) -> None:
    """Do it to one of several cards, whose contact a code has proved in this session."""
    with transaction.atomic(durable=True):
        _act(act, card_id, timezone.now())


def loss_locked_until(*, asked: Asked) -> datetime | None:
    """Until when no code is tried for what was typed; None while one may be."""
    return locked_until(LOSS_LIMITS, asked.subject)


def _try(asked: Asked, otp: str, press: str, at: datetime) -> list[UUID] | Refusal:
    tried = [(limit, asked.subject) for limit in LOSS_LIMITS]
    code = use_code(codes_for(asked), otp, tried=tried, at=at, press=press)
    if isinstance(code, Refusal):
        return code
    cards = [card.pk for card in cards_meant(asked)]
    if len(cards) == 1:
        _act(asked.act, cards[0], at)
    return cards


def _act(act: str, card_id: UUID, at: datetime) -> None:
    """What the page says afterwards it reads from the card. Too late to unfreeze: nothing is kept of it."""
    if act == Act.UNFREEZE:
        with transaction.atomic():
            done = loss.lift(card_id=card_id, actor=Actor.cardholder(), channel=Via.WEB, reason="found", at=at)
            if done is None:
                transaction.set_rollback(True)
    elif act == Act.NOT_ME:
        denials.stop_card(denials.open_case(card_id, at), at)
    else:
        loss.freeze(card_id=card_id, actor=Actor.cardholder(), channel=Via.WEB, reason="lost", at=at)
    enqueue(tell_issuers, queue="codes")

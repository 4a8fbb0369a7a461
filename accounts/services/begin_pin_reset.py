"""What both ways to a new PIN end in: it is on its way."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from accounts.models import PinReset
from accounts.pins.changes import end, tell, why_unfit
from accounts.refusals import CardUnfit, TooManyResets
from accounts.tasks import settle_pin_reset
from cards import pin_policy, pins
from cards.dimensions import Via
from cards.events import Actor, record_event
from cards.identity_documents import birth_date
from cards.models import Card
from cards.models.card_event import EventKind
from cards.pins import Kept
from messaging.enqueue import enqueue
from vault import limits
from vault.limits import Limit

RESETS_A_DAY = Limit(
    name="new-pins-a-day", sentence="Five new PINs for one card in 24 hours", tries=5, window=timedelta(days=1)
)


def refuse_easy_pin(pin: str, card: Card | None = None) -> None:
    """Refuse a PIN that is easy to guess for anybody and, once it is proved who asks, for the holder of this card.

    Only then: the reasons tell digits of the issuer's record. Raises PinMalformed and PinTooEasy.
    """
    if card is None:
        pin_policy.refuse(pin, length=len(pin))
        return
    born: date | None = birth_date(card.id_type, card.id_number) if card.id_number else None
    known = [card.id_number, card.phone, card.number]
    forbidden = [number for number in known if number]
    pin_policy.refuse(pin, length=card.programme.pin_length, birth_date=born, forbidden=forbidden)


def begin_pin_reset(
    *, card_id: uuid.UUID, user_id: uuid.UUID | None, way: str, kept: Kept, at: datetime
) -> PinReset | CardUnfit | TooManyResets:
    """Put a prepared PIN on its way, in place of one that is on its way already. The old one works meanwhile.

    In the caller's transaction.
    """
    card = Card.objects.select_related("programme").select_for_update(of=("self",)).get(pk=card_id)
    if why := why_unfit(card):
        return CardUnfit(why)
    counted = limits.count(RESETS_A_DAY, str(card.number_index))
    if not counted.allowed:
        return TooManyResets(counted.until or at)
    delay = timedelta(minutes=card.programme.pin_reset_delay) if way == PinReset.Way.FORGOTTEN else timedelta(0)
    end(card_id, at, PinReset.Outcome.REPLACED)
    reset = PinReset.objects.create(
        card=card,
        user_id=user_id,
        way=way,
        chosen_at=at,
        takes_effect_at=at + delay,
        next_try_at=at + delay,
    )
    pins.store_pending_pin(card_id=card_id, kept=kept, submitted_at=at)
    record_event(
        card_id=card_id,
        kind=EventKind.PIN_RESET_BEGUN,
        actor=Actor.cardholder(user_id or ""),
        channel=Via.WEB,
        reason=way,
    )
    if delay:
        tell(reset, "pin_reset_begun", at)
    else:
        enqueue(settle_pin_reset, str(reset.pk), queue="codes")
    return reset

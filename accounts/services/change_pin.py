"""A new PIN for somebody who is signed in and knows the old one."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts import address_limits
from accounts.models import PinReset
from accounts.pins.changes import tell_locked, why_unfit
from accounts.refusals import CardUnfit, PinNotAccepted, PressedTwice, Refusal, SamePin
from accounts.services.begin_pin_reset import begin_pin_reset, refuse_easy_pin
from cards import pins
from cards.dimensions import PinStatus, Via
from cards.events import Actor
from cards.models import Card
from cards.pin_tries import try_pin
from vault import limits
from vault.limits import Limit

ONE_PRESS = Limit(name="pin-change-press", sentence="One press of a button once", tries=1, window=timedelta(hours=1))


def change_pin(*, card: Card, user_id: uuid.UUID, old_pin: str, pin: str, address: str, press: str = "") -> PinReset:
    """Try the old PIN and, if it is right, put the new one on its way; the old one works until the host has said yes.
    The wrong one that locks it is told to every contact.

    Raises TooManyChecks, PinTooEasy, PinMalformed, CardUnfit (a locked PIN is reset, not changed), PressedTwice,
    PinNotAccepted, SamePin and TooManyResets.
    """
    address_limits.count_check(address)
    if why := why_unfit(card):
        raise CardUnfit(why)
    if card.pin_status == PinStatus.BLOCKED:
        raise CardUnfit(PinStatus.BLOCKED)
    refuse_easy_pin(pin, card)  # before the old one, which costs a try: the record's owner is signed in
    if press and not limits.count(ONE_PRESS, press).allowed:
        raise PressedTwice
    tried = try_pin(
        card_id=card.pk, pin=old_pin, actor=Actor.cardholder(user_id), channel=Via.WEB, when_locked=tell_locked
    )
    if not tried.right:
        raise PinNotAccepted(tried.left)
    if pin == old_pin:
        raise SamePin
    kept = pins.prepare_pin(card_id=card.pk, pin=pin)
    with transaction.atomic(durable=True):
        begun = begin_pin_reset(
            card_id=card.pk, user_id=user_id, way=PinReset.Way.OLD_PIN, kept=kept, at=timezone.now()
        )
    if isinstance(begun, Refusal):
        raise begun
    return begun

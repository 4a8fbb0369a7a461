"""New PINs at the same moment: one of them counts. Each protection has a naive twin that must fail."""

from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import PinReset
from accounts.models.pin_reset_codes import PinResetCodeQuerySet
from accounts.pins import changes as pin_changes
from accounts.pins import settling as pin_settling
from accounts.refusals import Refusal
from accounts.services import stop_pin_reset
from accounts.tests.pins import OLD, OTHER, code_for, own_card, pin_of, reset, signed_in, without_account
from cards import pins
from cards.dimensions import Via
from cards.events import Actor
from cards.models.pin import Pin
from messaging.models import Message
from vault.tests.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 8
PINS = ["247514", "318031", "108177", "756250", "415297", "502140", "162500", "094476"]


def tried(asked: Any, code: str, pin: str) -> bool:
    try:
        reset(asked, code, pin)
    except Refusal:
        return False
    return True


def test_one_code_posted_many_times_at_once_chooses_one_pin(postgres: str) -> None:
    user, card = own_card()
    asked = signed_in(user, card)
    code = code_for(asked)
    assert sum(at_once(MANY, lambda n: tried(asked, code, PINS[n]))) == 1
    assert PinReset.objects.count() == 1
    assert Pin.objects.pending().count() == 1


def test_reading_the_code_and_then_writing_would_choose_more(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    user, card = own_card()
    asked = signed_in(user, card)
    code = code_for(asked)
    all_have_looked = Barrier(MANY)
    prepare = pins.prepare_pin

    def prepare_together(**what: Any) -> Any:
        """It is called between looking at the code and writing."""
        kept = prepare(**what)
        all_have_looked.wait(timeout=30)
        return kept

    def look_then_write(self: Any, at: datetime) -> int:
        return int(self.update(consumed_at=at))  # `_find` has looked: the code was live

    monkeypatch.setattr(pins, "prepare_pin", prepare_together)
    monkeypatch.setattr(PinResetCodeQuerySet, "consume", look_then_write)
    assert sum(at_once(MANY, lambda n: tried(asked, code, PINS[n]))) > 1


def test_several_workers_settle_a_new_pin_once(postgres: str) -> None:
    user, card = own_card()
    asked = signed_in(user, card)
    made = reset(asked, code_for(asked))

    def settle(_number: int) -> bool:
        with transaction.atomic():
            return pin_changes.finish(reset=PinReset.objects.get(pk=made.pk), taken=True, at=timezone.now())

    assert sum(at_once(MANY, settle)) == 1
    assert Message.objects.filter(kind="pin_changed").count() == 2


def test_stopped_and_settled_at_once_it_is_one_of_both_and_the_pin_says_so(postgres: str) -> None:
    for _round in range(5):
        _user, card = own_card()
        asked = without_account(card)
        made = reset(asked, code_for(asked), OTHER)
        PinReset.objects.filter(pk=made.pk).update(chosen_at=timezone.now(), takes_effect_at=timezone.now())
        PinReset.objects.filter(pk=made.pk).update(next_try_at=timezone.now())

        def stop_or_settle(number: int, card: Any = card, made: Any = made) -> None:
            if number % 2:
                stop_pin_reset(card_id=card.pk, actor=Actor.system(), channel=Via.SYSTEM)
            else:
                pin_settling.settle_one(made.pk)

        at_once(2, stop_or_settle)
        outcome = PinReset.objects.get(pk=made.pk).outcome
        assert (outcome, pin_of(card)) in [(PinReset.Outcome.TAKEN, OTHER), (PinReset.Outcome.STOPPED, OLD)]
        assert not Pin.objects.pending().filter(card=card).exists()

"""A new PIN by a code: what it takes, when it works, and who is told."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import PinReset
from accounts.pins import settling as pin_settling
from accounts.pins.messages import code_instead
from accounts.refusals import (
    CardUnfit,
    CodeExpired,
    CodeNotAccepted,
    CodeUsed,
    SendTooEarly,
    TooManyResets,
    TooManySends,
    TooManyTries,
)
from accounts.services import stop_pin_reset
from accounts.services.begin_pin_reset import RESETS_A_DAY
from accounts.tests.codes import another
from accounts.tests.pins import (
    NEW,
    OLD,
    OTHER,
    code_for,
    own_card,
    pin_of,
    reset,
    signed_in,
    without_account,
)
from cards import states
from cards.dimensions import PinStatus, Role, State, Via
from cards.events import Actor
from cards.models import Card, CardEvent
from cards.models.pin import Pin
from cards.pin_policy import PinTooEasy
from cards.tests.factories import ProgrammeFactory, resident_id
from messaging.models import Message
from vault import limits

pytestmark = pytest.mark.django_db


def told(kind: str) -> list[tuple[str, str]]:
    return sorted(Message.objects.filter(kind=kind).values_list("channel", "to_masked"))


def later(**by: float) -> datetime:
    return timezone.now() + timedelta(**by)


def test_signed_in_a_code_to_a_registered_contact_gives_a_new_pin() -> None:
    user, card = own_card(pin_status=PinStatus.OK)
    asked = signed_in(user, card)
    reset(asked, code_for(asked))
    assert pin_of(card) == OLD  # until the host has said yes
    assert pin_settling.settle_waiting() == 1
    assert pin_of(card) == NEW
    assert PinReset.objects.get().outcome == PinReset.Outcome.TAKEN


def test_every_registered_contact_is_told_once() -> None:
    user, card = own_card(phone="+8613800138000", email="xiaoming@example.com")
    asked = signed_in(user, card, channel="email")
    reset(asked, code_for(asked))
    pin_settling.settle_waiting()
    assert told("pin_reset_code") == [("email", "x***@example.com")]
    assert told("pin_changed") == [("email", "x***@example.com"), ("sms", "138 **** 8000")]


def test_without_an_account_the_new_pin_works_after_the_delay_of_the_programme() -> None:
    _user, card = own_card()
    asked = without_account(card)
    made = reset(asked, code_for(asked))
    assert made.takes_effect_at - made.chosen_at == timedelta(minutes=card.programme.pin_reset_delay)
    assert [channel for channel, _to in told("pin_reset_begun")] == ["email", "sms"]
    with time_machine.travel(made.takes_effect_at - timedelta(seconds=1)):
        assert pin_settling.settle_waiting() == 0
        assert pin_of(card) == OLD
    with time_machine.travel(made.takes_effect_at + timedelta(seconds=1)):
        assert pin_settling.settle_waiting() == 1
        assert pin_of(card) == NEW
    assert len(told("pin_changed")) == 2


def test_what_waits_for_its_delay_does_not_lapse_and_can_be_stopped() -> None:
    _user, card = own_card()
    asked = without_account(card)
    made = reset(asked, code_for(asked))
    assert stop_pin_reset(card_id=card.pk, actor=Actor.staff("1", Role.AGENT), channel=Via.HOTLINE)
    assert not Pin.objects.pending().exists()
    with time_machine.travel(made.takes_effect_at + timedelta(hours=1)):
        pin_settling.settle_waiting()
    assert pin_of(card) == OLD
    assert len(told("pin_kept")) == 2
    assert told("pin_changed") == []
    assert not stop_pin_reset(card_id=card.pk, actor=Actor.system(), channel=Via.SYSTEM)


def test_a_locked_pin_is_unlocked_by_the_new_one_only() -> None:
    user, card = own_card()
    Card.objects.filter(pk=card.pk).update(pin_status=PinStatus.BLOCKED, wrong_pins=5)
    asked = signed_in(user, card)
    reset(asked, code_for(asked))
    card.refresh_from_db()
    assert card.pin_status == PinStatus.BLOCKED
    pin_settling.settle_waiting()
    card.refresh_from_db()
    assert (card.pin_status, card.wrong_pins) == (PinStatus.OK, 0)


@pytest.mark.parametrize("state", [State.SUSPENDED, State.EXPIRED, State.TERMINATED, State.BLOCKED])
def test_a_card_that_is_not_active_gets_none_and_who_has_the_code_is_told_why(state: State) -> None:
    _user, card = own_card()
    asked = without_account(card)
    code = code_for(asked)
    Card.objects.filter(pk=card.pk).update(
        state=state, terminated_at=timezone.now() if state == State.TERMINATED else None
    )
    with pytest.raises(CardUnfit) as refused:
        reset(asked, code)
    assert refused.value.why == state
    assert not PinReset.objects.exists()


def test_a_card_frozen_while_the_new_pin_waits_keeps_its_old_one() -> None:
    user, card = own_card()
    asked = signed_in(user, card)
    reset(asked, code_for(asked))
    holder = Actor.cardholder(user.pk)
    assert states.move(card_id=card.pk, to=State.SUSPENDED, actor=holder, channel=Via.WEB, reason="lost")
    pin_settling.settle_waiting()
    assert pin_of(card) == OLD
    assert PinReset.objects.get().outcome == PinReset.Outcome.REFUSED
    assert len(told("pin_kept")) == 2


def test_the_code_is_used_once() -> None:
    user, card = own_card()
    asked = signed_in(user, card)
    code = code_for(asked)
    reset(asked, code)
    with pytest.raises(CodeUsed):
        reset(asked, code, OTHER)
    pin_settling.settle_waiting()
    assert pin_of(card) == NEW


def test_the_code_lives_ten_minutes() -> None:
    user, card = own_card()
    asked = signed_in(user, card)
    code = code_for(asked)
    with time_machine.travel(later(minutes=10, seconds=1)), pytest.raises(CodeExpired):
        reset(asked, code)


def test_wrong_codes_are_counted_and_lock() -> None:
    user, card = own_card()
    asked = signed_in(user, card)
    code = code_for(asked)
    for left in (4, 3, 2, 1):
        with pytest.raises(CodeNotAccepted) as refused:
            reset(asked, another(code))
        assert refused.value.tries_left == left
    for otp in (another(code), code):
        with pytest.raises(TooManyTries):
            reset(asked, otp)
    assert not PinReset.objects.exists()


def test_an_easy_pin_is_refused_and_costs_neither_the_code_nor_a_try() -> None:
    user, card = own_card(phone="+8613800138042")
    asked = signed_in(user, card)
    code = code_for(asked)
    for easy in ("111111", "138042", card.id_number[6:12], card.number[-6:]):
        with pytest.raises(PinTooEasy):
            reset(asked, code, easy)
    with pytest.raises(CodeNotAccepted) as refused:
        reset(asked, another(code))
    assert refused.value.tries_left == 4
    reset(asked, code)


def test_reasons_that_tell_digits_of_the_record_are_given_only_with_the_right_code() -> None:
    _user, card = own_card(phone="+8613800738042")
    asked = without_account(card)
    code = code_for(asked)
    with pytest.raises(CodeNotAccepted):
        reset(asked, another(code), "738042")
    with pytest.raises(PinTooEasy):
        reset(asked, code, "738042")


def test_codes_with_and_without_an_account_are_counted_together() -> None:
    user, card = own_card()
    ways = [signed_in(user, card, channel="email"), without_account(card), signed_in(user, card, secret="elsewhere")]
    with pytest.raises(SendTooEarly):
        for asked in ways:
            code_for(asked)
    for sent in range(1, 5):
        with time_machine.travel(later(minutes=40 * sent)):
            assert code_for(ways[sent % 3])
    with time_machine.travel(later(minutes=40 * 5)):
        for asked in ways:
            with pytest.raises(TooManySends):
                code_for(asked)


def test_a_stranger_with_the_card_number_alone_uses_up_nobody_s_codes() -> None:
    user, card = own_card()
    for sent in range(5):
        with time_machine.travel(later(minutes=40 * sent)):
            assert code_for(without_account(card, id_number=resident_id(4711))) == ""
    with time_machine.travel(later(minutes=40 * 4, seconds=1)):
        assert code_for(signed_in(user, card))


def test_a_code_that_went_another_way_counts_as_sent() -> None:
    user, card = own_card(programme=ProgrammeFactory.create(code_fallback=["email"]))
    code_for(signed_in(user, card))
    assert code_instead(Message.objects.get(kind="pin_reset_code"))
    with time_machine.travel(later(minutes=2)):
        code_for(signed_in(user, card))
    with time_machine.travel(later(minutes=4)), pytest.raises(TooManySends):
        code_for(without_account(card))


def test_five_new_pins_a_day_and_no_more() -> None:
    user, card = own_card()
    for _reset in range(RESETS_A_DAY.tries):
        limits.count(RESETS_A_DAY, str(card.number_index))
    asked = signed_in(user, card)
    with pytest.raises(TooManyResets):
        reset(asked, code_for(asked))
    assert pin_of(card) == OLD


def test_the_later_of_two_new_pins_counts() -> None:
    user, card = own_card()
    slow = without_account(card)
    reset(slow, code_for(slow), OTHER)
    quick = signed_in(user, card)
    with time_machine.travel(later(minutes=1, seconds=1)):
        reset(quick, code_for(quick))
    with time_machine.travel(later(days=8)):
        pin_settling.settle_waiting()
    assert pin_of(card) == NEW
    outcomes = list(PinReset.objects.order_by("chosen_at").values_list("outcome", flat=True))
    assert outcomes == [PinReset.Outcome.REPLACED, PinReset.Outcome.TAKEN]


def test_what_happened_stands_in_the_story_of_the_card() -> None:
    user, card = own_card()
    asked = signed_in(user, card)
    reset(asked, code_for(asked))
    pin_settling.settle_waiting()
    story = CardEvent.objects.filter(card=card, kind__startswith="pin_").order_by("at")
    assert list(story.values_list("kind", "actor_kind", "reason")) == [
        ("pin_reset_begun", "cardholder", "account"),
        ("pin_set", "system", "account"),
    ]

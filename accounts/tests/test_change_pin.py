"""A new PIN for who knows the old one; wrong old ones are counted and lock it."""

import pytest

from accounts.models import PinReset
from accounts.pins import settling as pin_settling
from accounts.pins.messages import build_locked, card_of_event
from accounts.refusals import CardUnfit, PinNotAccepted, PressedTwice, SamePin
from accounts.services import change_pin
from accounts.tests.pins import ADDRESS, NEW, OLD, OTHER, own_card, pin_of
from cards.dimensions import PinStatus
from cards.issuer_hosts import HostUnavailable, RecordsHost
from cards.models import Card
from cards.pin_policy import PinTooEasy
from messaging.models import Message

pytestmark = pytest.mark.django_db


def changed(card: Card, old: str, pin: str = NEW, press: str = "") -> PinReset:
    user_id = card.bindings.get().user_id
    return change_pin(card=card, user_id=user_id, old_pin=old, pin=pin, address=ADDRESS, press=press)


def test_the_old_pin_gives_a_new_one_and_every_contact_is_told() -> None:
    _user, card = own_card()
    changed(card, OLD)
    assert pin_of(card) == OLD
    pin_settling.settle_waiting()
    assert pin_of(card) == NEW
    assert Message.objects.filter(kind="pin_changed").count() == 2


def test_wrong_old_pins_lock_it_and_then_the_right_one_does_not_help() -> None:
    _user, card = own_card()
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(PinNotAccepted) as refused:
            changed(card, OTHER)
        assert refused.value.tries_left == left
    with pytest.raises(PinNotAccepted):  # a page that was opened before
        changed(card, OLD)
    card.refresh_from_db()
    assert card.pin_status == PinStatus.BLOCKED
    with pytest.raises(CardUnfit):
        changed(card, OLD)
    assert not PinReset.objects.exists()


def test_the_lock_is_told_to_every_contact_once_and_only_while_it_lasts() -> None:
    _user, card = own_card()
    for _try in range(6):
        with pytest.raises(PinNotAccepted):
            changed(card, OTHER)
            card.refresh_from_db()
    told = Message.objects.filter(kind="pin_locked")
    assert sorted(told.values_list("channel", flat=True)) == ["email", "sms"]
    notice = told.get(channel="sms")
    envelope = build_locked(notice)
    assert envelope is not None
    assert (envelope.to, envelope.params["tail"]) == (card.phone, card.number_tail)
    assert card_of_event(notice.subject_id) == card.pk
    Card.objects.filter(pk=card.pk).update(pin_status=PinStatus.OK)
    assert build_locked(notice) is None


def test_the_pin_that_the_card_has_is_no_new_one_and_costs_no_try() -> None:
    _user, card = own_card()
    with pytest.raises(PinNotAccepted):
        changed(card, OTHER, OTHER)  # what the card's PIN is, only who knows it is told
    with pytest.raises(SamePin):
        changed(card, OLD, OLD)
    assert not PinReset.objects.exists()
    with pytest.raises(PinNotAccepted) as refused:
        changed(card, OTHER)
    assert refused.value.tries_left == 4


def test_a_doubled_press_costs_one_try() -> None:
    _user, card = own_card()
    with pytest.raises(PinNotAccepted):
        changed(card, OTHER, press="one press")
    with pytest.raises(PressedTwice):
        changed(card, OTHER, press="one press")
    card.refresh_from_db()
    assert card.wrong_pins == 1


def test_an_easy_new_pin_costs_no_try() -> None:
    _user, card = own_card()
    with pytest.raises(PinTooEasy):
        changed(card, OTHER, "123456")
    card.refresh_from_db()
    assert card.wrong_pins == 0


def test_while_the_host_cannot_be_reached_the_old_pin_works_and_it_is_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _user, card = own_card()
    answers: list[Exception] = [HostUnavailable(), RuntimeError("with words of its own")]

    def away(*_args: object, **_named: object) -> bool:
        if answers:
            raise answers.pop(0)
        return True

    monkeypatch.setattr(RecordsHost, "take_new_pin", away)
    made = changed(card, OLD)
    for _try in range(2):
        assert pin_settling.settle_waiting() == 1
        assert pin_of(card) == OLD
        assert pin_settling.settle_waiting() == 0  # not at once
        PinReset.objects.filter(pk=made.pk).update(next_try_at=made.chosen_at)
    assert pin_settling.settle_waiting() == 1
    assert pin_of(card) == NEW


def test_a_host_that_says_no_leaves_the_old_pin_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    _user, card = own_card()
    monkeypatch.setattr(RecordsHost, "take_new_pin", lambda *_args, **_named: False)
    changed(card, OLD)
    pin_settling.settle_waiting()
    assert pin_of(card) == OLD
    assert PinReset.objects.get().outcome == PinReset.Outcome.REFUSED
    assert Message.objects.filter(kind="pin_kept").count() == 2
    assert not Message.objects.filter(kind="pin_changed").exists()

"""Which codes freeze and unfreeze: those of the same browser, act, card and contact, once, while they live."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import code_requests, services
from accounts.loss.codes import Asked
from accounts.models import LossCode
from accounts.models.loss_codes import Act
from accounts.refusals import CodeExpired, CodeNotAccepted, CodeUsed, TooManyTries
from accounts.services.act_by_code import LOSS_TRIES
from accounts.tests.codes import ADDRESS, another, ask_for_code, current_code
from accounts.tests.factories import UserFactory
from accounts.tests.losing import EMAIL, PHONE, a_card, asked, digits_of, state_of
from cards.dimensions import State
from cards.models import Card
from messaging.models import Message

pytestmark = pytest.mark.django_db


def tries(typed: Asked, otp: str) -> list[object]:
    return list(services.act_by_code(asked=typed, otp=otp, address=ADDRESS))


def of_sign_in(card: Card) -> tuple[Asked, str]:
    """The code by which the same contact signs in."""
    user = UserFactory.create(phone=card.phone, email="")
    typed = asked(Act.FREEZE, secret="mine")
    ask_for_code(card.phone.replace("138", "139"))
    user.phone = card.phone
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        ask_for_code(card.phone)
    return typed, current_code(user.pk)


def of_another_browser(card: Card) -> tuple[Asked, str]:
    theirs = asked(secret="theirs")
    return Asked(theirs.act, theirs.tail, theirs.contact, "mine"), digits_of(card)


def of_another_act(card: Card) -> tuple[Asked, str]:
    asked(Act.NOT_ME)
    return Asked(Act.FREEZE, "2604", PHONE, "one browser"), digits_of(card, Act.NOT_ME)


def of_another_card(card: Card) -> tuple[Asked, str]:
    other = a_card(number="6200000000009999")
    asked(tail="9999")
    return Asked(Act.FREEZE, "2604", PHONE, "one browser"), digits_of(other)


def of_another_contact(card: Card) -> tuple[Asked, str]:
    asked(contact=EMAIL)
    return Asked(Act.FREEZE, "2604", PHONE, "one browser"), digits_of(card)


def of_a_contact_that_was_changed(card: Card) -> tuple[Asked, str]:
    typed = asked()
    digits = digits_of(card)
    Card.objects.get(pk=card.pk)
    card.phone = "+8613900139000"
    card.save()
    return typed, digits


@pytest.mark.parametrize("act", [Act.FREEZE, Act.UNFREEZE])
@pytest.mark.parametrize(
    "foreign",
    [
        of_sign_in,
        of_another_browser,
        of_another_act,
        of_another_card,
        of_another_contact,
        of_a_contact_that_was_changed,
    ],
)
def test_codes_that_are_not_for_this_do_nothing(foreign: Callable[[Card], tuple[Asked, str]], act: Act) -> None:
    start = State.ACTIVE if act == Act.FREEZE else State.SUSPENDED
    card = a_card(start)
    typed, digits = foreign(card)
    typed = Asked(act, typed.tail, typed.contact, typed.secret)
    with pytest.raises((CodeNotAccepted, CodeExpired)):
        tries(typed, digits)
    assert state_of(card) == start


def test_the_same_code_for_the_same_act_does_it() -> None:
    """What the table above leans on."""
    card = a_card()
    assert tries(asked(), digits_of(card)) == [card.pk]
    assert state_of(card) == State.SUSPENDED


def test_a_used_code_and_an_expired_one_do_nothing() -> None:
    card = a_card()
    typed = asked()
    digits = digits_of(card)
    tries(typed, digits)
    with pytest.raises(CodeUsed):
        tries(typed, digits)
    again = asked(contact=EMAIL)
    digits = digits_of(card)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)), pytest.raises(CodeExpired):
        tries(again, digits)


def test_asking_from_another_browser_ends_nobodys_code() -> None:
    card = a_card()
    mine = asked(secret="mine")
    digits = digits_of(card)
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        asked(secret="theirs")
        tries(mine, digits)
    assert state_of(card) == State.SUSPENDED


def test_tries_are_limited_by_what_was_typed_whether_there_is_such_a_card_or_not() -> None:
    card = a_card()
    known, unknown = asked(), asked(tail="0000", contact="+8613900139000")
    right = digits_of(card)
    for typed in (known, unknown):
        for left in (4, 3, 2, 1):
            with pytest.raises(CodeNotAccepted) as refused:
                tries(Asked(typed.act, typed.tail, typed.contact, f"browser {left}"), another(right))
            assert refused.value.tries_left == left
        for _more in range(2):
            with pytest.raises(TooManyTries):
                tries(typed, another(right))
    with pytest.raises(TooManyTries):
        tries(known, right)
    assert state_of(card) == State.ACTIVE
    assert LOSS_TRIES.tries == 5


def test_a_freeze_revokes_a_code_that_was_to_lift_it() -> None:
    card = a_card(State.SUSPENDED)
    lifting = asked(Act.UNFREEZE)
    digits = digits_of(card, Act.UNFREEZE)
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        tries(asked(Act.NOT_ME, contact=EMAIL), digits_of(card, Act.NOT_ME))
        with pytest.raises(CodeNotAccepted):
            tries(lifting, digits)
    assert state_of(card) == State.SUSPENDED


def test_nobody_is_told_where_there_is_no_such_card() -> None:
    a_card()
    asked(tail="9999")
    asked(contact="+8613900139000")
    assert not Message.objects.exists() and not LossCode.objects.exists()
    assert code_requests.answer_waiting() == 0

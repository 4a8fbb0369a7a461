"""Codes that are not for exactly this card, browser, account, contact and ID number choose no PIN."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import CardBinding, PinReset, PinResetCode
from accounts.pins import settling as pin_settling
from accounts.refusals import CodeExpired, CodeNotAccepted
from accounts.tests.factories import CardBindingFactory
from accounts.tests.pins import OLD, card_with_pin, code_for, own_card, pin_of, reset, signed_in, without_account
from cards.models import Card
from messaging.models import Message

pytestmark = pytest.mark.django_db


def later(**by: float) -> datetime:
    return timezone.now() + timedelta(**by)


def _of_another_session(user: Any, card: Card, other: Card) -> tuple[Any, str]:
    return signed_in(user, card, secret="another browser"), code_for(signed_in(user, card))


def _of_another_contact(user: Any, card: Card, other: Card) -> tuple[Any, str]:
    return signed_in(user, card, channel="email"), code_for(signed_in(user, card, channel="sms"))


def _of_another_card(user: Any, card: Card, other: Card) -> tuple[Any, str]:
    return signed_in(user, card), code_for(signed_in(user, other))


def _of_the_page_without_an_account(user: Any, card: Card, other: Card) -> tuple[Any, str]:
    return signed_in(user, card), code_for(without_account(card))


def _of_the_account_on_the_page_without(user: Any, card: Card, other: Card) -> tuple[Any, str]:
    return without_account(card), code_for(signed_in(user, card))


def _of_a_card_no_longer_in_the_account(user: Any, card: Card, other: Card) -> tuple[Any, str]:
    code = code_for(signed_in(user, card))
    CardBinding.objects.filter(card=card).update(ended_at=later(seconds=1))
    return signed_in(user, card), code


def _with_another_id_number(user: Any, card: Card, other: Card) -> tuple[Any, str]:
    return without_account(card, id_number=other.id_number), code_for(without_account(card))


def _asked_for_with_another_id_number(user: Any, card: Card, other: Card) -> tuple[Any, str]:
    asked = without_account(card, id_number=other.id_number)
    return asked, code_for(asked) or "000000"


def _asked_for_by_another_account(user: Any, card: Card, other: Card) -> tuple[Any, str]:
    stranger, _theirs = own_card()
    asked = signed_in(stranger, card)
    return asked, code_for(asked) or "000000"


def _after_the_contact_changed(user: Any, card: Card, other: Card) -> tuple[Any, str]:
    code = code_for(signed_in(user, card))
    card.phone = "+8613900139999"
    card.save()
    return signed_in(user, card), code


def _after_a_newer_code(user: Any, card: Card, other: Card) -> tuple[Any, str]:
    code = code_for(signed_in(user, card))
    PinResetCode.objects.filter(card=card).supersede(timezone.now())
    return signed_in(user, card), code


def _after_it_was_revoked(user: Any, card: Card, other: Card) -> tuple[Any, str]:
    code = code_for(signed_in(user, card))
    PinResetCode.objects.filter(card=card).revoke(timezone.now())
    return signed_in(user, card), code


@pytest.mark.parametrize(
    "proofs",
    [
        _of_another_session,
        _of_another_contact,
        _of_another_card,
        _of_the_page_without_an_account,
        _of_the_account_on_the_page_without,
        _of_a_card_no_longer_in_the_account,
        _with_another_id_number,
        _asked_for_with_another_id_number,
        _asked_for_by_another_account,
        _after_the_contact_changed,
        _after_a_newer_code,
        _after_it_was_revoked,
    ],
)
def test_a_code_that_is_not_for_exactly_this_resets_nothing(proofs: Any) -> None:
    user, card = own_card()
    other = CardBindingFactory.create(user=user, card=card_with_pin()).card
    asked, code = proofs(user, card, other)
    assert len(code) == 6
    with pytest.raises((CodeNotAccepted, CodeExpired)):
        reset(asked, code)
    with time_machine.travel(later(days=8)):
        pin_settling.settle_waiting()
    assert not PinReset.objects.exists()
    assert pin_of(card) == OLD


def test_a_known_and_an_unknown_card_leave_the_same_request_and_only_the_known_one_a_code() -> None:
    _user, card = own_card()
    assert code_for(without_account(card)) != ""
    assert code_for(without_account(card, card_number="6299999999999999")) == ""
    assert code_for(without_account(card, id_number="110105194912310021")) == ""
    assert Message.objects.filter(kind="pin_reset_code").count() == 1

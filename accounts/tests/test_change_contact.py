"""Another contact for an account: a code to the old one, one to the new one, and 24 hours in which nothing changes."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import code_requests
from accounts.contacts import index_of
from accounts.loss.not_me import message_of, token_of
from accounts.models import AccountCode, AccountEvent, Case, ContactChange, PinResetCode, SignInCode, User
from accounts.models.account_codes import Proof
from accounts.models.contact_changes import UNDOABLE, WAITS
from accounts.own_account import contact_settling
from accounts.own_account import messages as account_messages
from accounts.own_account.codes import Asked
from accounts.refusals import ChangeWaits, CodeNotAccepted, CodeUsed, ContactKnown, TooManyTries
from accounts.services import (
    begin_contact_change,
    deny,
    prove_new_contact,
    prove_old_contact,
    request_pin_code,
    stop_contact_change,
)
from accounts.tests.codes import ADDRESS, another, ask_for_code
from accounts.tests.contacts import (
    EMAIL,
    NEW_EMAIL,
    NEW_PHONE,
    PHONE,
    a_day_passes,
    asks,
    begins,
    card_of,
    confirms,
    digits_of,
    person,
    proves_old,
)
from accounts.tests.pins import code_for, signed_in, without_account
from cards.models import Card, CardEvent
from messaging.models import Message
from messaging.rendering import render

pytestmark = pytest.mark.django_db


def phone_of(user: User) -> str:
    return str(User.objects.get(pk=user.pk).phone)


def sent_to(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("to_masked", flat=True))


def test_both_codes_and_a_day_later_the_account_and_its_cards_have_the_new_contact() -> None:
    user = person()
    card = card_of(user)
    change = confirms(user)
    assert phone_of(user) == PHONE
    a_day_passes(change)
    card.refresh_from_db()
    assert (phone_of(user), card.phone, card.email) == (NEW_PHONE, NEW_PHONE, EMAIL)
    assert CardEvent.objects.filter(card=card, kind="contact_changed", actor_id=str(user.pk)).exists()
    assert list(AccountEvent.objects.order_by("pk").values_list("kind", flat=True)) == [
        "contact_change_begun",
        "contact_changed",
    ]


def test_before_the_day_is_over_no_sweep_changes_anything() -> None:
    user = person()
    card = card_of(user)
    confirms(user)
    with time_machine.travel(timezone.now() + WAITS - timedelta(minutes=1)):
        assert contact_settling.settle_due() == 0
    card.refresh_from_db()
    assert (phone_of(user), card.phone) == (PHONE, PHONE)


@pytest.mark.parametrize("signed", [True, False])
def test_within_the_day_codes_for_a_pin_go_to_the_old_contact_and_none_to_the_new(signed: bool) -> None:
    user = person(email="")
    card = card_of(user, email="")
    confirms(user)
    asked = signed_in(user, card) if signed else without_account(card)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert code_for(asked)
        ask_for_code(NEW_PHONE)
    assert PinResetCode.objects.get().contact_index == index_of(PHONE)
    assert not SignInCode.objects.filter(contact_index=index_of(NEW_PHONE)).exists()


def test_when_the_change_takes_effect_codes_that_went_to_the_old_contact_are_dead() -> None:
    user = person(email="")
    card = card_of(user, email="")
    change = confirms(user)
    with time_machine.travel(timezone.now() + WAITS - timedelta(minutes=1)):
        asked = signed_in(user, card)
        request_pin_code(asked=asked, address=ADDRESS)
        code_requests.answer_waiting()
        assert asked.codes().live(timezone.now()).exists()
    with time_machine.travel(timezone.now() + WAITS + timedelta(minutes=1)):
        contact_settling.settle_due()
        assert not asked.codes().live(timezone.now()).exists()
    assert a_day_passes(change).outcome == ContactChange.Outcome.APPLIED


def test_a_contact_that_is_added_reaches_the_cards_whose_contact_was_proved() -> None:
    user = person(email="")
    mine, other = card_of(user, email=""), card_of(user, phone="+8613700137000", email="")
    a_day_passes(confirms(user, NEW_EMAIL))
    assert str(User.objects.get(pk=user.pk).email) == NEW_EMAIL
    assert [str(Card.objects.get(pk=card.pk).email) for card in (mine, other)] == [NEW_EMAIL, ""]


def test_a_card_whose_registered_contact_is_another_keeps_it() -> None:
    user = person()
    held_for_somebody = card_of(user, phone="+8613700137000")
    a_day_passes(confirms(user))
    held_for_somebody.refresh_from_db()
    assert held_for_somebody.phone == "+8613700137000"


def test_every_contact_old_and_new_is_told_twice_and_no_text_shows_a_whole_one() -> None:
    user = person()
    change = confirms(user)
    assert sent_to("contact_change_begun") == {"138 **** 8042", "139 **** 9000", "x***@example.com"}
    begun = {
        message.pk: account_messages.build_change(message)
        for message in Message.objects.filter(kind="contact_change_begun")
    }
    assert {envelope.to for envelope in begun.values() if envelope} == {PHONE, NEW_PHONE, EMAIL}
    a_day_passes(change)
    assert sent_to("contact_changed") == {"138 **** 8042", "139 **** 9000", "x***@example.com"}
    for message in Message.objects.filter(kind="contact_changed"):
        envelope = account_messages.build_change(message)
        assert envelope is not None
        text = render(message, envelope).text
        assert f"/not-me/{token_of(message.pk)}/" in text
        assert PHONE[3:] not in text and NEW_PHONE[3:] not in text and EMAIL not in text
    earlier = Message.objects.filter(kind="contact_change_begun").latest("pk")
    assert account_messages.build_change(earlier) is None


def of_another_browser(user: User) -> tuple[Asked, str]:
    _change, asked = begins(user)
    return Asked(asked.act, asked.user, asked.contact, "another secret", asked.change), digits_of(user, Proof.OLD)


def of_closing(user: User) -> tuple[Asked, str]:
    change = begin_contact_change(user_id=user.pk, contact=NEW_PHONE)
    asked = asks(Proof.CLOSE, user, PHONE)
    return Asked(Proof.OLD, asked.user, PHONE, asked.secret, str(change.pk)), digits_of(user, Proof.CLOSE)


def of_signing_in(user: User) -> tuple[Asked, str]:
    change = begin_contact_change(user_id=user.pk, contact=NEW_PHONE)
    ask_for_code(PHONE)
    asked = Asked(Proof.OLD, str(user.pk), PHONE, "one", str(change.pk))
    return asked, SignInCode.objects.get(user=user).derive()


def of_an_earlier_change(user: User) -> tuple[Asked, str]:
    _change, asked = begins(user)
    digits = digits_of(user, Proof.OLD)
    later = begin_contact_change(user_id=user.pk, contact=NEW_EMAIL)
    return Asked(asked.act, asked.user, asked.contact, asked.secret, str(later.pk)), digits


def of_another_account(user: User) -> tuple[Asked, str]:
    other = person(phone="+8613800138099", email="")
    change = begin_contact_change(user_id=user.pk, contact=NEW_PHONE)
    asks(Proof.OLD, other, "+8613800138099", begin_contact_change(user_id=other.pk, contact="+8613900139001"))
    return Asked(Proof.OLD, str(user.pk), PHONE, "one", str(change.pk)), digits_of(other, Proof.OLD)


WRONG = [of_another_browser, of_closing, of_signing_in, of_an_earlier_change, of_another_account]


@pytest.mark.parametrize("proof", WRONG, ids=lambda proof: proof.__name__)
def test_a_code_of_something_else_proves_nothing(proof: object) -> None:
    user = person()
    asked, digits = proof(user)  # type: ignore[operator]
    assert digits
    with pytest.raises(CodeNotAccepted):
        prove_old_contact(asked=asked, otp=digits, address=ADDRESS)
    assert not ContactChange.objects.filter(old_proved_at__isnull=False).exists()


def test_the_code_to_the_new_contact_alone_changes_nothing() -> None:
    user = person()
    change, _asked = begins(user)
    alone = asks(Proof.NEW, user, NEW_PHONE, change)
    assert digits_of(user, Proof.NEW) == ""
    with pytest.raises(CodeNotAccepted):
        prove_new_contact(asked=alone, otp="123456", address=ADDRESS)


def test_the_code_to_the_old_contact_alone_changes_nothing() -> None:
    user = person()
    change, _asked = proves_old(user)
    a_day_passes(change)
    assert phone_of(user) == PHONE and not Message.objects.filter(kind="contact_change_begun").exists()


def test_wrong_codes_are_counted_for_the_contact_whatever_the_browser() -> None:
    user = person()
    _change, asked = begins(user)
    wrong = another(digits_of(user, Proof.OLD))
    for number in range(5):
        tried = Asked(asked.act, asked.user, asked.contact, f"browser {number}", asked.change)
        with pytest.raises((CodeNotAccepted, TooManyTries)):
            prove_old_contact(asked=tried, otp=wrong, address=ADDRESS)
    with pytest.raises(TooManyTries):
        prove_old_contact(asked=asked, otp=digits_of(user, Proof.OLD), address=ADDRESS)


def test_a_right_code_works_once() -> None:
    user = person()
    _change, asked = begins(user)
    digits = digits_of(user, Proof.OLD)
    prove_old_contact(asked=asked, otp=digits, address=ADDRESS)
    with pytest.raises(CodeUsed):
        prove_old_contact(asked=asked, otp=digits, address=ADDRESS)


def test_a_contact_of_another_account_is_told_so_by_message_and_gets_no_code() -> None:
    user = person()
    owner = person(phone=NEW_PHONE, email="")
    _change, asked = proves_old(user)
    message = Message.objects.get(kind="contact_taken")
    envelope = account_messages.build_taken(message)
    assert envelope is not None and envelope.to == NEW_PHONE
    assert "belongs to another account" in render(message, envelope).text
    assert not AccountCode.objects.filter(act=Proof.NEW).exists()
    with pytest.raises(CodeNotAccepted):
        prove_new_contact(asked=asked, otp="123456", address=ADDRESS)
    assert phone_of(owner) == NEW_PHONE


def test_a_contact_that_somebody_else_gets_meanwhile_stays_theirs_and_everybody_is_told() -> None:
    user = person()
    change = confirms(user)
    person(phone=NEW_PHONE, email="")
    assert a_day_passes(change).outcome == ContactChange.Outcome.IMPOSSIBLE
    assert phone_of(user) == PHONE
    assert "138 **** 8042" in sent_to("contact_kept")


def test_the_contact_that_the_account_has_is_no_change() -> None:
    with pytest.raises(ContactKnown):
        begin_contact_change(user_id=person().pk, contact=EMAIL)


def test_while_a_change_waits_another_is_refused_until_it_is_stopped() -> None:
    user = person()
    change = confirms(user)
    with pytest.raises(ChangeWaits):
        begin_contact_change(user_id=user.pk, contact=NEW_EMAIL)
    assert stop_contact_change(user_id=user.pk)
    assert a_day_passes(change).outcome == ContactChange.Outcome.STOPPED
    assert phone_of(user) == PHONE
    begin_contact_change(user_id=user.pk, contact=NEW_EMAIL)


@pytest.mark.parametrize("in_effect", [False, True])
def test_it_was_not_me_stops_the_change_or_undoes_it(client: Client, in_effect: bool) -> None:
    user = person()
    card = card_of(user)
    change = confirms(user)
    if in_effect:
        a_day_passes(change)
    kind = "contact_changed" if in_effect else "contact_change_begun"
    told = Message.objects.filter(kind=kind, contact_index=index_of(PHONE)).get()
    message = message_of(token_of(told.pk), timezone.now())
    assert message is not None
    case = deny(message=message)
    a_day_passes(change)
    card.refresh_from_db()
    assert (phone_of(user), card.phone, card.state) == (PHONE, PHONE, "active")
    assert "change_undone" in Case.objects.get().done and case.user_id == user.pk
    assert b'href="/account/sign-in/"' in client.get(f"/not-me/{token_of(told.pk)}/").content, "all are signed out"
    assert AccountEvent.objects.filter(kind="denied").exists()
    assert AccountEvent.objects.filter(kind="contact_put_back" if in_effect else "contact_kept").count() == 1


def test_both_contacts_are_forgotten_a_week_after_the_change() -> None:
    change = a_day_passes(confirms(person()))
    with time_machine.travel(timezone.now() + WAITS + UNDOABLE - timedelta(hours=1)):
        contact_settling.forget_contacts()
    change.refresh_from_db()
    assert change.old
    with time_machine.travel(timezone.now() + WAITS + UNDOABLE + timedelta(hours=1)):
        assert contact_settling.forget_contacts() == 1
    change.refresh_from_db()
    assert (change.old, change.new) == ("", "")

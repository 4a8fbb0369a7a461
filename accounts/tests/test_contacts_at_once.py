"""Contacts that change, and accounts that are closed, at the same moment. Each protection has a naive twin that fails.

A twin is held between its look and its write until the other party has committed, so that it loses every time.
"""

from datetime import timedelta
from threading import Event
from uuid import UUID

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from accounts.binding.joining import account_for_contact, bind_card
from accounts.contacts import index_of
from accounts.models import CardBinding, ContactChange, User
from accounts.models.account_codes import Proof
from accounts.models.contact_changes import WAITS
from accounts.own_account import closing, contact_changes
from accounts.refusals import Refusal
from accounts.services import begin_contact_change, prove_old_contact, stop_contact_change
from accounts.tests.codes import ADDRESS
from accounts.tests.contacts import NEW_PHONE, PHONE, asks, begins, card_of, confirms, digits_of, person
from cards.models import Card, CardEvent
from cards.tests.factories import CardFactory
from messaging.models import Message
from vault.tests.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 8
Outcome = ContactChange.Outcome


def due(user: User, contact: str = NEW_PHONE) -> ContactChange:
    """A proved change whose 24 hours are over."""
    change = confirms(user, contact)
    at = timezone.now() - WAITS - timedelta(minutes=1)
    ContactChange.objects.filter(pk=change.pk).update(old_proved_at=at, confirmed_at=at, takes_effect_at=at + WAITS)
    return change


def settle(change_id: UUID) -> bool:
    with transaction.atomic():
        return contact_changes.settle(change_id, timezone.now())


def now(user: User) -> tuple[str, str]:
    """How the change ended, and the phone that the account has."""
    return ContactChange.objects.get(user=user).outcome, str(User.objects.get(pk=user.pk).phone)


def test_one_code_posted_many_times_at_once_proves_once(postgres: str) -> None:
    user = person()
    _change, asked = begins(user)
    digits = digits_of(user, Proof.OLD)

    def prove(_number: int) -> bool:
        try:
            prove_old_contact(asked=asked, otp=digits, address=ADDRESS)
        except Refusal:
            return False
        return True

    assert sum(at_once(MANY, prove)) == 1


def test_many_changes_begun_at_once_leave_one(postgres: str) -> None:
    user = person()
    at_once(MANY, lambda number: begin_contact_change(user_id=user.pk, contact=f"+861390013900{number}"))
    assert ContactChange.objects.filter(user=user, ended_at=None).count() == 1


def test_several_workers_put_a_change_into_effect_once(postgres: str) -> None:
    user = person()
    card = card_of(user)
    change = due(user)
    assert sum(at_once(MANY, lambda _number: settle(change.pk))) == 1
    assert CardEvent.objects.filter(card=card, kind="contact_changed").count() == 1
    assert Message.objects.filter(kind="contact_changed").count() == 3


def test_two_accounts_that_are_to_get_one_contact_at_once_are_one_that_gets_it(postgres: str) -> None:
    people = [person(), person(phone="+8613800138099", email="other@example.com")]
    changes = []
    for number, user in enumerate(people):
        with time_machine.travel(timezone.now() + timedelta(hours=2 * number)):  # one contact gets a code a minute
            changes.append(due(user))
    at = timezone.now() - WAITS
    ContactChange.objects.update(old_proved_at=at, confirmed_at=at, takes_effect_at=at + timedelta(hours=1))
    at_once(2, lambda number: settle(changes[number].pk))
    assert sorted(now(user) for user in people) in [
        sorted([(Outcome.APPLIED, NEW_PHONE), (Outcome.IMPOSSIBLE, phone)]) for phone in (PHONE, "+8613800138099")
    ]


def test_stopped_and_settled_at_once_it_is_one_of_both_and_the_account_says_so(postgres: str) -> None:
    for number in range(4):
        user = person(phone=f"+861380013804{number}", email="")
        change = due(user, f"+861390013900{number}")
        at_once(
            2,
            lambda party, user=user, change=change: (  # type: ignore[misc]
                stop_contact_change(user_id=user.pk) if party else settle(change.pk)
            ),
        )
        outcome, phone = now(user)
        assert (outcome, phone) in [(Outcome.APPLIED, f"+861390013900{number}"), (Outcome.STOPPED, user.phone)]


def test_looking_and_then_stopping_would_say_stopped_of_what_is_in_effect(postgres: str) -> None:
    user = person()
    change = due(user)
    looked, settled = Event(), Event()

    def party(number: int) -> None:
        if number:
            assert looked.wait(30)
            settle(change.pk)
            settled.set()
        elif ContactChange.objects.waiting().filter(user=user).exists():
            looked.set()
            assert settled.wait(30)
            ContactChange.objects.filter(pk=change.pk).update(ended_at=timezone.now(), outcome=Outcome.STOPPED)

    at_once(2, party)
    assert now(user) == (Outcome.STOPPED, NEW_PHONE)


def closed_while_a_card_joins(user: User, card: Card, *, naive: bool, patience: float) -> bool:
    """A card is activated with the contact of an account that its owner closes meanwhile; is it in the closed one?"""
    found, closed = Event(), Event()

    def activate() -> None:
        with transaction.atomic():
            account = User.objects.get(phone_index=index_of(PHONE)) if naive else account_for_contact(contact=PHONE)
            found.set()
            closed.wait(patience)  # nobody can close what is held
            bind_card(card_id=card.pk, user_id=account.pk)

    def close() -> None:
        assert found.wait(30)
        with transaction.atomic():
            closing.close(user.pk)
        closed.set()

    at_once(2, lambda number: close() if number else activate())
    return CardBinding.objects.live().filter(card=card, user__closed_at__isnull=False).exists()


def test_a_card_that_is_activated_while_its_account_is_closed_is_not_caught_in_it(postgres: str) -> None:
    assert not closed_while_a_card_joins(person(), CardFactory.create(), naive=False, patience=0.7)


def test_an_account_that_is_not_held_would_catch_the_card(postgres: str) -> None:
    assert closed_while_a_card_joins(person(), CardFactory.create(), naive=True, patience=30)


def test_a_closing_and_a_new_sign_up_at_once_leave_each_contact_to_one_open_account(postgres: str) -> None:
    user = person(email="")
    asks(Proof.CLOSE, user, PHONE)

    def party(number: int) -> None:
        with transaction.atomic():
            closing.close(user.pk) if number else account_for_contact(contact=PHONE)

    at_once(2, party)
    assert User.objects.filter(phone_index=index_of(PHONE)).count() == 1

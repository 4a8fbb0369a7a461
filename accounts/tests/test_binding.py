"""Accounts come into being and cards join them; what may not happen twice does not."""

import pytest

from accounts.binding.joining import account_for_contact, bind_card
from accounts.models import CardBinding, User
from accounts.tests.factories import StaffFactory, UserFactory
from cards.dimensions import ActorKind, Via
from cards.models import CardEvent
from cards.models.card_event import EventKind
from cards.tests.factories import CardFactory

pytestmark = pytest.mark.django_db

PHONE, EMAIL = "+8613800138000", "wang@example.com"


def test_a_confirmed_contact_gets_one_account() -> None:
    user = account_for_contact(contact=PHONE, language="zh-hans")
    assert account_for_contact(contact=PHONE) == user
    assert (user.phone, user.email, user.username, user.language) == (PHONE, "", None, "zh-hans")
    assert not user.has_usable_password()
    assert not user.is_staff


def test_an_email_is_as_good_as_a_phone() -> None:
    user = account_for_contact(contact=EMAIL)
    assert (user.phone, user.email) == ("", EMAIL)
    assert account_for_contact(contact=PHONE) != user


def test_the_account_is_found_by_either_of_its_contacts() -> None:
    user = UserFactory.create(phone=PHONE, email=EMAIL)
    assert account_for_contact(contact=PHONE) == user
    assert account_for_contact(contact=EMAIL) == user
    assert User.objects.count() == 1


def test_an_account_for_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="contact"):
        account_for_contact(contact="")
    assert not User.objects.exists()


def test_a_card_joins_an_account_and_its_events_say_so() -> None:
    user, card = UserFactory.create(), CardFactory.create()
    binding = bind_card(card_id=card.pk, user_id=user.pk)
    assert (binding.user_id, binding.ended_at) == (user.pk, None)
    event = CardEvent.objects.get(card=card)
    assert (event.kind, event.actor_kind, event.actor_id) == (EventKind.BOUND, ActorKind.CARDHOLDER, str(user.pk))
    assert event.channel == Via.WEB


def test_binding_again_changes_nothing() -> None:
    user, card = UserFactory.create(), CardFactory.create()
    first = bind_card(card_id=card.pk, user_id=user.pk)
    assert bind_card(card_id=card.pk, user_id=user.pk) == first
    assert CardEvent.objects.count() == 1


def test_a_card_in_an_account_stays_there() -> None:
    owner, other, card = UserFactory.create(), UserFactory.create(), CardFactory.create()
    bind_card(card_id=card.pk, user_id=owner.pk)
    assert bind_card(card_id=card.pk, user_id=other.pk).user_id == owner.pk
    assert CardBinding.objects.count() == 1
    assert CardEvent.objects.count() == 1


def test_a_card_that_left_an_account_can_join_another() -> None:
    owner, other, card = UserFactory.create(), UserFactory.create(), CardFactory.create()
    first = bind_card(card_id=card.pk, user_id=owner.pk)
    CardBinding.objects.filter(pk=first.pk).update(ended_at=first.bound_at)
    assert bind_card(card_id=card.pk, user_id=other.pk).user_id == other.pk


def test_only_the_card_joins_and_not_its_other_contact() -> None:
    user = account_for_contact(contact=PHONE)
    card = CardFactory.create(phone=PHONE, email=EMAIL)
    bind_card(card_id=card.pk, user_id=user.pk)
    user.refresh_from_db()
    assert user.email == ""
    assert account_for_contact(contact=EMAIL) != user


def test_staff_sign_in_with_a_name_and_a_password() -> None:
    clerk = User.objects.create_superuser("clerk", "a long enough password")
    assert clerk.check_password("a long enough password")
    assert (clerk.is_staff, clerk.is_superuser) == (True, True)
    assert StaffFactory.create().check_password("correct horse battery staple")

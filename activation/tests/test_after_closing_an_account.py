"""What a closed account promises: activating a card gives a new account, and active cards are added to it."""

import pytest

from accounts.binding.joining import bind_card
from accounts.models import CardBinding, SignInCode, User
from accounts.own_account import closing
from accounts.tests import adding
from accounts.tests.codes import ask_for_code
from accounts.tests.factories import UserFactory
from accounts.tests.losing import EMAIL, PHONE
from activation.tests.journey import at_wait
from activation.verification import verify_waiting
from cards.models import Card
from cards.tests.factories import CardFactory
from pages.tests.browser import Browser

pytestmark = pytest.mark.django_db


def test_activating_a_card_gives_an_account_and_the_active_one_is_added_to_it() -> None:
    closed = UserFactory.create(phone=PHONE, email=EMAIL)
    active = adding.a_card()
    bind_card(card_id=active.pk, user_id=closed.pk)
    assert closing.close(closed.pk)
    ask_for_code(EMAIL)
    assert not SignInCode.objects.exists(), "an active card alone is no way in, so nothing may promise it"
    further: Card = CardFactory.create(phone=PHONE, email="")
    at_wait(further, "sms")
    verify_waiting()
    user = User.objects.cardholders().get(phone_index=active.phone_index)
    assert user.pk != closed.pk
    browser = adding.signed_in(user)
    adding.asks(browser)
    browser.fill(otp=adding.digits_of(active))
    assert set(CardBinding.objects.live().filter(user=user).values_list("card", flat=True)) == {active.pk, further.pk}


def test_the_page_of_a_closed_account_says_just_that() -> None:
    browser = Browser()
    browser.open("/account/closed/")
    assert (
        "You get a new account when you activate a card; then you can add your active cards to it, too" in browser.text
    )

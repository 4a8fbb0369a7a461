"""P15 as a person does it: whose card it is, a code to its registered contact, and the card is in the account."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import code_requests
from accounts.binding.adding import MOST_CARDS
from accounts.models import BindingCode, CardBinding, CardHelper, User
from accounts.models.binding_codes import Whose
from accounts.tests.adding import a_card, asks, digits_of, helps, signed_in
from accounts.tests.codes import another
from accounts.tests.factories import CardBindingFactory, UserFactory
from accounts.tests.losing import EMAIL, state_of
from cards.dimensions import State
from cards.models import CardEvent
from cards.models.card_event import EventKind
from messaging.models import Message
from pages.tests.browser import Browser
from vault.models import Counter

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    person: User = UserFactory.create()
    return person


def heading(browser: Browser) -> str:
    found = re.search(r"<h1>(.*?)</h1>", browser.text)
    assert found
    return found[1]


def told(kind: str) -> int:
    return Message.objects.filter(kind=kind).count()


def adds(browser: Browser, code: str) -> Browser:
    browser.fill(otp=code)
    return browser


def test_a_card_is_added_by_a_code_and_stays_as_it_is(user: User) -> None:
    card = a_card(State.SUSPENDED)
    browser = signed_in(user)
    assert 'href="/cards/add/"' in browser.text
    adds(asks(browser), digits_of(card))
    assert (browser.at, CardBinding.objects.live().get(card=card).user) == ("/cards/", user)
    assert re.search(r'role="alert".*?Success</h2><p>The card is in your account now', browser.text)
    assert state_of(card) == State.SUSPENDED
    kinds = CardEvent.objects.filter(card=card).order_by("at").values_list("kind", flat=True)
    assert list(kinds) == [EventKind.BINDING_CODE_SENT, EventKind.BOUND]


def test_both_sides_are_told_each_contact_once(user: User) -> None:
    card = a_card(email=user.email)
    adds(asks(signed_in(user)), digits_of(card))
    told_to = Message.objects.filter(kind="card_bound").values_list("contact_index", flat=True)
    assert len(told_to) == 3
    assert set(told_to) == {card.phone_index, card.email_index, user.phone_index}


def test_the_email_address_does_as_well_as_the_number(user: User) -> None:
    card = a_card()
    adds(asks(signed_in(user), contact=EMAIL), digits_of(card))
    assert CardBinding.objects.live().filter(card=card, user=user).exists()


def test_a_wrong_code_adds_nothing(user: User) -> None:
    card = a_card()
    browser = asks(signed_in(user))
    adds(browser, another(digits_of(card)))
    assert "That code is not correct" in browser.text
    assert not CardBinding.objects.exists()


def test_pressed_twice_it_says_the_same(user: User) -> None:
    card = a_card()
    browser = asks(signed_in(user))
    code = digits_of(card)
    adds(browser, code)
    browser.open("/cards/add/code/")
    assert browser.at == "/cards/"
    assert CardBinding.objects.count() == 1


def test_before_the_code_known_unknown_foreign_and_bound_cards_are_answered_alike(user: User) -> None:
    a_card(phone="+8613800118000")
    CardBindingFactory.create(card=a_card(number="6200000000007777", phone="+8613800128000"))
    CardBindingFactory.create(card=a_card(number="6200000000005555", phone="+8613800138000"), user=user)
    a_card(State.TERMINATED, number="6200000000008888", phone="+8613800148000")
    asked = {"2604": "1", "7777": "2", "5555": "3", "8888": "4", "0000": "5", "2605": "1"}
    seen, now = set(), timezone.now()
    for tail, digit in asked.items():
        with time_machine.travel(now, tick=False):
            Counter.objects.all().delete()  # as if a minute had passed since the last code
            browser = asks(signed_in(user), tail=tail, contact=f"138001{digit}8000")
        page = re.sub(r'name="(csrfmiddlewaretoken|form_token)" value="[^"]*"', "", browser.text)
        seen.add((browser.at, re.sub(r'data-wait="\d+"', "", page)))
    assert len(seen) == 1
    assert BindingCode.objects.count() == 3


@pytest.mark.parametrize(
    ("whose", "says"),
    [(Whose.OWN, "This card is in another account"), (Whose.HELPED, "")],
)
def test_a_card_that_is_bound_elsewhere_gives_the_hotline_and_no_name(user: User, whose: str, says: str) -> None:
    card = a_card()
    owner = CardBindingFactory.create(card=card).user
    browser = adds(asks(signed_in(user), whose), digits_of(card, whose))
    if not says:
        assert browser.at == "/cards/"
        return
    assert (browser.at, heading(browser)) == ("/cards/add/stopped/", says)
    assert card.programme.hotline in browser.text
    for secret in (card.holder_name, owner.phone[3:], owner.email, card.phone[3:]):
        assert secret not in browser.text
    assert CardBinding.objects.live().get(card=card).user == owner
    assert told("card_bound") == 0


@pytest.mark.parametrize("state", [State.PENDING_ACTIVATION, State.ACTIVATING])
def test_a_card_that_is_not_active_yet_is_activated_instead(user: User, state: State) -> None:
    card = a_card(state)
    browser = adds(asks(signed_in(user)), digits_of(card))
    assert heading(browser) == "This card is not active yet"
    assert not CardBinding.objects.exists()


def test_a_card_that_is_there_already_is_not_added_again(user: User) -> None:
    card = a_card()
    CardBindingFactory.create(card=card, user=user)
    assert heading(adds(asks(signed_in(user)), digits_of(card))) == "This card is already in your account"
    assert CardBinding.objects.count() == 1


def test_an_account_holds_ten_cards_those_it_helps_with_too(user: User) -> None:
    card = a_card()
    for _card in range(MOST_CARDS - 1):
        CardBindingFactory.create(user=user)
    helps(user, CardBindingFactory.create().card)
    assert heading(adds(asks(signed_in(user)), digits_of(card))) == "You cannot add more cards"
    assert not CardBinding.objects.filter(card=card).exists()


def test_of_two_cards_with_the_same_ending_asking_again_adds_the_other(user: User) -> None:
    cards = {a_card().pk, a_card(number="6200000010002604").pk}
    for minutes in (0, 2):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            browser = asks(signed_in(user))
            code = BindingCode.objects.unfinished().get()
            adds(browser, code.derive())
    assert set(CardBinding.objects.live().filter(user=user).values_list("card_id", flat=True)) == cards


def test_who_helped_and_now_adds_the_card_as_their_own_helps_no_longer(user: User) -> None:
    card = a_card()
    helps(user, card)
    adds(asks(signed_in(user)), digits_of(card))
    assert CardBinding.objects.live().get(card=card).user == user
    assert not CardHelper.objects.live().exists()


def test_an_expired_code_is_replaced_by_itself(user: User) -> None:
    card = a_card()
    browser = asks(signed_in(user))
    code = digits_of(card)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        adds(browser, code)
        assert "This code has expired. We have sent you a new one" in browser.text
        code_requests.answer_waiting()
        adds(browser, digits_of(card))
    assert browser.at == "/cards/"


def test_the_pages_ask_who_is_not_signed_in_to_do_so() -> None:
    for path in ("/cards/add/", "/cards/add/code/", "/cards/add/stopped/"):
        browser = Browser()
        browser.open(path)
        assert browser.at == "/account/sign-in/"


def test_without_a_question_there_is_no_code_page_and_no_refusal(user: User) -> None:
    browser = signed_in(user)
    for path in ("/cards/add/code/", "/cards/add/stopped/"):
        browser.open(path)
        assert browser.at == "/cards/"
    browser.send("/cards/add/code/", otp="123456")
    assert browser.at == "/cards/"

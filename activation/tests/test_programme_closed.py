"""A programme's time: outside it no activation begins, wherever one asks, and whoever has begun may finish."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.code_requests import answer_waiting
from accounts.tests.factories import UserFactory
from activation.models import ActivationAttempt, ActivationCode
from activation.refusals import ProgrammeClosed
from activation.services import send_code
from activation.tests.browser import Browser
from activation.tests.factories import issue
from activation.verification import verify_waiting
from cards.dimensions import Channel, Role, State, Via
from cards.events import Actor
from cards.models import Card, Programme
from cards.one_time_codes import group
from cards.tests.factories import CardFactory, ProgrammeFactory
from messaging.models import Message

pytestmark = pytest.mark.django_db
DOORS = ("/bank/activate/enter-code/", "/activate/enter-code/")
CLOSED = "Cards of this kind cannot be activated now"
NO_CODE = "No code is sent for a card that cannot be activated now"
WRONG = "Card number or activation code does not match our records"


def close(card: Card) -> None:
    """Save it as staff do, so that pages know at once."""
    programme = Programme.objects.get(pk=card.programme_id)
    programme.closes_on = timezone.now() - timedelta(days=1)
    programme.save()


@pytest.fixture
def card() -> Card:
    card: Card = CardFactory.create(programme=ProgrammeFactory.create(code="bank"))
    return card


@pytest.fixture
def closed(card: Card) -> Card:
    close(card)
    return card


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def enter(card_number: str, code: str, door: str = DOORS[0]) -> Browser:
    browser = Browser()
    browser.open(door)
    browser.fill(card_number=card_number, code=code)
    return browser


@pytest.mark.parametrize("door", DOORS)
def test_a_right_code_is_told_so_and_nothing_is_reserved(closed: Card, door: str) -> None:
    code = issue(closed, "sms")
    browser = enter(closed.number, code.derive(), door)
    assert browser.at.endswith("/activate/stopped/")
    assert CLOSED in browser.text and "Activation closed on" in browser.text
    code.refresh_from_db()
    assert code.reserved_until is None and not ActivationAttempt.objects.exists()


def test_a_code_that_is_of_no_use_leads_to_no_new_one(closed: Card) -> None:
    """Expired or older: the button that sends a new one would send nothing."""
    expired = issue(closed, "sms", at=timezone.now() - timedelta(hours=1), expired_at=timezone.now())
    older = issue(closed, "sms", superseded_at=timezone.now())
    issue(closed)
    for code in (expired, older):
        assert CLOSED in enter(closed.number, code.derive()).text


@pytest.mark.parametrize("door", DOORS)
def test_wrong_and_unknown_are_answered_as_they_always_are(closed: Card, door: str) -> None:
    wrong = other_than(issue(closed, "sms").derive())
    for number in (closed.number, CardFactory.build(programme=closed.programme).number):
        assert WRONG in enter(number, wrong, door).text


def test_the_pages_say_it_before_anything_is_typed(closed: Card) -> None:
    browser = Browser()
    for page in ("/bank/", DOORS[0], "/bank/code/new/"):
        browser.open(page)
        assert CLOSED in browser.text and "Activation closed on" in browser.text
    assert browser.at.endswith("/activate/stopped/"), "no new code is asked for"
    browser.open(DOORS[0])
    assert "If you have begun already" in browser.text
    Programme.objects.update(closes_on=None)
    programme = Programme.objects.get()
    programme.opens_on = datetime(2090, 1, 1, tzinfo=UTC)
    programme.save()
    browser.open(DOORS[0])
    assert CLOSED in browser.text and "Activation opens on 1 January 2090" in browser.text


def test_a_doors_page_of_an_open_programme_says_nothing_of_it(card: Card) -> None:
    for door in DOORS:
        browser = Browser()
        browser.open(door)
        assert CLOSED not in browser.text and "begun already" not in browser.text


@pytest.mark.parametrize("door", DOORS)
def test_who_has_begun_gets_in_again_and_may_finish(card: Card, door: str) -> None:
    code = issue(card, "sms").derive()
    browser = enter(card.number, code)
    close(card)
    browser.fill(name=card.holder_name, idno=card.id_number)
    assert browser.at.endswith("/choose-pin/")
    again = enter(card.number, code, door)
    again.fill(pin="739146", pin2="739146")
    again.fill(agree="on")
    assert again.at.endswith("/wait/")
    verify_waiting()
    card.refresh_from_db()
    assert card.state == State.ACTIVE
    assert "This card is already active" in enter(card.number, code, door).text


def test_who_was_told_of_wrong_details_may_correct_them(card: Card) -> None:
    code = issue(card, "sms").derive()
    browser = enter(card.number, code)
    browser.fill(name="李四", idno=card.id_number)
    browser.fill(pin="739146", pin2="739146")
    browser.fill(agree="on")
    close(card)
    verify_waiting()
    assert enter(card.number, code).at.endswith("/confirm-identity/")


def asked_for_a_code(card: Card) -> str:
    """What the page says, after the workers have looked."""
    browser = Browser()
    browser.open("/code/new/")
    browser.fill(card_number=card.number, contact=card.phone)
    answer_waiting()
    return browser.text


def test_a_new_code_is_sent_only_to_who_has_begun(card: Card) -> None:
    assert NO_CODE not in asked_for_a_code(card)
    begun: Card = CardFactory.create(programme=card.programme)
    enter(begun.number, issue(begun, "sms").derive())
    other: Card = CardFactory.create(programme=card.programme)
    close(card)
    Message.objects.all().delete()
    for one in (other, begun, CardFactory.build(programme=card.programme)):
        assert NO_CODE in asked_for_a_code(one)
    assert Message.objects.get().contact_index == begun.phone_index
    assert not ActivationCode.objects.filter(card=other).exists()


def sent_by_staff(card: Card) -> None:
    send_code(
        card_id=card.pk, by=Channel.SMS, actor=Actor.staff("", Role.AGENT), channel=Via.HOTLINE, reason="requested"
    )


def test_staff_send_none_either_and_nothing_is_counted(card: Card) -> None:
    begun: Card = CardFactory.create(programme=card.programme)
    enter(begun.number, issue(begun, "sms").derive())
    close(card)
    for _press in range(2):  # the second one is not too early
        with pytest.raises(ProgrammeClosed):
            sent_by_staff(card)
    assert not ActivationCode.objects.filter(card=card).exists()
    sent_by_staff(begun)
    assert Message.objects.get().contact_index == begun.phone_index


def test_the_account_shows_no_code_that_opens_nothing(closed: Card) -> None:
    code = issue(closed, "sms")
    browser = Browser()
    user = UserFactory.create(phone=closed.phone)
    browser.client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    browser.send("/account/activation-code/", card=str(closed.pk))
    assert CLOSED in browser.text and group(code.derive()) not in browser.text
    assert "Send a new activation code" not in browser.text

"""P17 as a person does it: two answers, a code, and the card is frozen; then what to do with it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from accounts import code_requests
from accounts.loss.messages import build_notice
from accounts.models import CodeRequest, LossCode, LossReport
from accounts.models.loss_codes import Act
from accounts.models.loss_reports import LIFTABLE
from accounts.tests.losing import EMAIL, NUMBER, a_card, asks, digits_of, enters, froze, state_of
from cards.dimensions import State
from cards.models import Card, CardEvent, Programme
from cards.models.card_event import EventKind
from cards.tests.factories import CardFactory
from messaging.models import Message
from pages.tests.browser import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def card() -> Card:
    return a_card()


def told(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind).values_list("channel", flat=True))


def heading(browser: Browser) -> str:
    found = re.search(r"<h1>(.*?)</h1>", browser.text)
    assert found
    return found[1]


def test_from_the_start_page_to_a_frozen_card_it_takes_four_pages(card: Card) -> None:
    browser = Browser()
    browser.open("/campus/")
    link = re.search(r'href="([^"]*lost/)"', browser.text)
    assert link
    asks(link[1], at=browser)
    seen = ["/campus/", link[1], browser.at, enters(browser, digits_of(card)).at]
    assert (state_of(card), heading(browser)) == (State.SUSPENDED, "Your card is frozen")
    assert len(seen) == 4


def by_id_number(card: Card) -> Browser:
    browser = Browser()
    browser.open("/lost/no-number/")
    browser.fill(idno=card.id_number, contact="13800138000")
    return browser


def test_without_the_card_number_the_id_number_does_and_it_is_kept_nowhere(card: Card) -> None:
    browser = Browser()
    browser.open("/lost/")
    assert 'href="/lost/no-number/"' in browser.text
    browser = by_id_number(card)
    assert card.id_number not in str(dict(browser.client.session)) + CodeRequest.objects.get().body
    code_requests.answer_waiting()
    enters(browser, digits_of(card))
    assert (state_of(card), heading(browser)) == (State.SUSPENDED, "Your card is frozen")


def test_of_several_cards_with_this_id_number_one_is_chosen(card: Card) -> None:
    other = a_card(number="6200000000007777", id_number=card.id_number)
    browser = by_id_number(card)
    code_requests.answer_waiting()
    enters(browser, digits_of(other))
    assert (browser.at, state_of(card), state_of(other)) == ("/lost/which/", State.ACTIVE, State.ACTIVE)
    browser.fill(which="1")
    assert (state_of(card), state_of(other)) == (State.SUSPENDED, State.ACTIVE)


def test_an_id_number_with_the_contact_of_another_card_brings_no_code(card: Card) -> None:
    other = a_card(number="6200000000007777", phone="+8613700137000", email="")
    assert other.id_number != card.id_number
    by_id_number(other)
    assert (code_requests.answer_waiting(), LossCode.objects.count()) == (1, 0)


def test_the_page_of_a_frozen_card_tells_the_second_and_the_reference_and_that_the_issuer_is_being_told(
    card: Card,
) -> None:
    browser = froze(card)
    report = LossReport.objects.get(card=card)
    assert f"{timezone.localtime(report.frozen_at):%H:%M:%S}" in browser.text
    assert report.reference in browser.text
    assert "Received. We are telling the issuer." in browser.text


def test_every_registered_contact_is_told_and_every_step_is_an_event(card: Card) -> None:
    froze(card)
    assert told("card_frozen") == ["email", "sms"]
    events = CardEvent.objects.filter(card=card).order_by("at", "pk")
    assert [(event.kind, event.to_state, event.reason) for event in events] == [
        (EventKind.LOSS_CODE_SENT, "", "freeze"),
        (EventKind.MOVED, State.SUSPENDED, "lost"),
    ]


def test_the_email_address_does_as_well_as_the_number(card: Card) -> None:
    enters(asks(contact=EMAIL), digits_of(card))
    assert state_of(card) == State.SUSPENDED


def test_a_wrong_code_freezes_nothing_and_says_so(card: Card) -> None:
    browser = asks()
    enters(browser, f"{(int(digits_of(card)) + 1) % 10**6:06d}")
    assert "That code is not correct" in browser.text
    assert state_of(card) == State.ACTIVE


def test_who_blocks_it_for_now_reads_until_when_it_can_be_lifted(card: Card) -> None:
    browser = froze(card)
    browser.fill(what="block")
    assert "You can unfreeze it yourself until" in browser.text
    assert state_of(card) == State.SUSPENDED


def test_reported_lost_it_is_closed_for_good_after_an_interruption_and_a_new_card_is_asked_for(card: Card) -> None:
    browser = froze(card)
    browser.fill(what="replace")
    assert (heading(browser), state_of(card)) == ("Your old card will never work again", State.SUSPENDED)
    browser.fill()
    assert (heading(browser), state_of(card)) == ("Your card is reported lost", State.TERMINATED)
    assert "A new card has been asked for" in browser.text
    assert told("card_lost") == ["email", "sms"]
    assert CardEvent.objects.filter(card=card, kind=EventKind.REPLACEMENT_ASKED).count() == 1
    assert CardEvent.objects.get(card=card, to_state=State.TERMINATED).reason == "lost"


@pytest.mark.parametrize("kind", Programme.Kind.values)
def test_of_a_balance_is_spoken_where_cards_have_one(card: Card, kind: str) -> None:
    Programme.objects.update(kind=kind)
    browser = froze(card)
    browser.fill(what="replace")
    assert ("Your balance goes to the new card." in browser.text) == (kind in {"payment", "storage"})


@pytest.mark.parametrize(
    ("state", "fulfilment", "words"),
    [
        ("pending_activation", "not_applicable", "Not activated"),
        ("pending_activation", "shipped", "Sent"),
        ("pending_activation", "delivered", "Not activated"),
        ("active", "shipped", "Active"),
    ],
)
def test_of_the_new_card_is_told_how_far_it_is(card: Card, state: str, fulfilment: str, words: str) -> None:
    browser = froze(card)
    browser.fill(what="replace")
    browser.fill()
    new = CardFactory.create(number="6200000030007772", state=state, fulfilment=fulfilment)
    Card.objects.filter(pk=card.pk).update(replaced_by=new)
    browser.open(browser.at)
    assert re.search(rf"Your new card ends in .*7772.* {words}</p>", browser.text)


def test_a_card_reported_lost_never_offers_undo(card: Card) -> None:
    browser = froze(card)
    browser.fill(what="replace")
    browser.fill()
    for page in ("/lost/done/", "/lost/kept/", "/lost/replace/"):
        browser.open(page)
        main = browser.text.partition("<main")[2].partition("</main>")[0]
        assert "nfreeze it yourself" not in main and "/found/" not in main
    again = asks("/found/", contact=EMAIL)
    enters(again, digits_of(card, Act.UNFREEZE))
    assert state_of(card) == State.TERMINATED
    assert "It cannot be unfrozen here" in again.text


def test_of_several_cards_that_fit_nothing_is_frozen_before_one_is_chosen(card: Card) -> None:
    other: Card = a_card(number="6200000010002604")
    browser = asks()
    newest = other if other.pk > card.pk else card
    enters(browser, digits_of(newest))
    assert heading(browser) == "Which card do you mean?"
    assert {state_of(card), state_of(other)} == {State.ACTIVE}
    assert NUMBER not in browser.text
    browser.fill(which="1")
    assert (state_of(newest), state_of(card)) == (State.ACTIVE, State.SUSPENDED)
    assert heading(browser) == "Your card is frozen"


def test_a_card_of_somebody_else_with_the_same_last_digits_is_left_alone(card: Card) -> None:
    stranger: Card = CardFactory.create(number="6200000020002604", state=State.ACTIVE)
    froze(card)
    assert state_of(stranger) == State.ACTIVE


@pytest.mark.parametrize("path", ["/lost/code/", "/lost/which/", "/lost/done/", "/lost/kept/", "/lost/replace/"])
def test_no_page_after_the_first_opens_without_the_code(card: Card, path: str) -> None:
    browser = asks()
    if path == "/lost/code/":
        browser = Browser()
    browser.open(path)
    assert browser.at == "/lost/"
    browser.send(path, what="replace", which="0")
    assert state_of(card) == State.ACTIVE


def test_half_an_hour_after_the_code_the_pages_ask_again(card: Card) -> None:
    browser = froze(card)
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        browser.open("/lost/replace/")
        assert browser.at == "/lost/"
        browser.send("/lost/replace/")
    assert state_of(card) == State.SUSPENDED


def test_found_again_within_seven_days_a_code_unfreezes_it_and_everybody_is_told(card: Card) -> None:
    froze(card)
    browser = asks("/found/", contact=EMAIL)
    enters(browser, digits_of(card, Act.UNFREEZE))
    assert (heading(browser), state_of(card)) == ("Your card works again", State.ACTIVE)
    assert 'href="/cards/">See my cards' in browser.text
    assert told("card_unfrozen") == ["email", "sms"]
    assert LossReport.objects.get(card=card).lifted_at is not None


def test_the_email_about_a_frozen_card_leads_to_the_page_of_its_programme(card: Card) -> None:
    froze(card)
    envelope = build_notice(Message.objects.get(kind="card_frozen", channel="email"))
    assert envelope
    browser = Browser()
    browser.open(envelope.params["found"].removeprefix(settings.PORTAL_URL))
    assert browser.page.status_code == 200
    assert browser.page.wsgi_request.programme == card.programme
    assert card.programme.hotline in browser.text


def test_after_seven_days_the_hotline_is_named_and_the_card_stays_frozen(card: Card) -> None:
    froze(card)
    with time_machine.travel(timezone.now() + LIFTABLE):
        browser = asks("/found/")
        enters(browser, digits_of(card, Act.UNFREEZE))
        assert state_of(card) == State.SUSPENDED
        assert "400-000-0000" in browser.text
    assert CardEvent.objects.filter(card=card, to_state=State.ACTIVE).count() == 0

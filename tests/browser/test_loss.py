"""A card is lost, found, lost for good and replaced, and somebody says that it was not them: in Chromium, in both
languages, with JavaScript and without."""

from playwright.sync_api import expect

from accounts import code_requests, services
from accounts.loss.not_me import token_of
from accounts.models import Case
from accounts.models.loss_codes import Act
from accounts.tests.losing import EMAIL, a_card, digits_of, state_of
from cards.dimensions import State, Via
from cards.events import Actor
from cards.models import Card
from messaging.models import Message
from tests.browser.person import Person


def proves(person: Person, card: Card, contact: str, act: Act) -> None:
    """Say whose card it is, and enter the code that came."""
    person.sends(tail="2604", contact=contact)
    person.sees("Enter the security code", "title")
    code_requests.answer_waiting()
    person.sends(otp=digits_of(card, act))


def test_a_card_is_frozen_in_four_pages_kept_and_then_lost_for_good(person: Person) -> None:
    card = a_card()
    person.opens("/campus/")
    person.follows("/lost/", within="footer")
    proves(person, card, "13800138000", Act.FREEZE)
    person.sees("Your card is frozen")
    assert state_of(card) == State.SUSPENDED
    assert person.pages <= 4
    person.sends(what="block")
    person.follows("/replace/")
    person.sees("Your old card will never work again")
    person.sends()
    person.sees("Your card is reported lost")
    assert state_of(card) == State.TERMINATED
    person.reads("Your new card")
    assert person.page.locator("main a[href*=found]").count() == 0
    new = a_card(State.PENDING_ACTIVATION, number="6200000000007777", id_number=card.id_number)
    assert services.replace_card(card_id=card.pk, replacement_id=new.pk, actor=Actor.issuer("file"), channel=Via.API)
    person.page.reload()
    expect(person.page.locator("main")).to_contain_text("7777")


def test_a_card_is_found_and_whoever_it_was_not_stops_it_again(person: Person) -> None:
    card = a_card()
    services.freeze_card(card_id=card.pk, actor=Actor.cardholder(), channel=Via.WEB, reason="lost")
    person.opens("/lost/")
    person.follows("/found/")
    proves(person, card, EMAIL, Act.UNFREEZE)
    person.sees("Your card works again")
    assert state_of(card) == State.ACTIVE
    notice = Message.objects.filter(kind="card_unfrozen").latest("pk")
    person.opens(f"/not-me/{token_of(notice.pk)}/")
    person.sees("Was it not you?")
    assert state_of(card) == State.ACTIVE
    person.sends()
    person.sees("We have stopped it")
    expect(person.page.locator("main")).to_contain_text(Case.objects.get().reference)
    assert state_of(card) == State.SUSPENDED

"""A card is lost, found, lost for good and replaced, and somebody says that it was not them: in Chromium, in both
languages, with JavaScript and without."""

from collections.abc import Callable, Iterator

import pytest
from django.utils import translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts import code_requests, services
from accounts.models import Case
from accounts.models.loss_codes import Act
from accounts.not_me import token_of
from accounts.tests.losing import EMAIL, a_card, digits_of, state_of
from cards.dimensions import State, Via
from cards.events import Actor
from cards.models import Card
from messaging.models import Message
from tests.browser.conftest import PHONE


class Loser:
    """Somebody without a card, at a phone."""

    def __init__(self, page: Page, address: str, card: Card) -> None:
        self.page, self.address, self.card, self.pages = page, address, card, 0
        page.on("load", lambda _page: self.count())

    def count(self) -> None:
        self.pages += 1

    def opens(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def sends(self, **answers: str) -> None:
        for name, value in answers.items():
            self.page.locator(f"#step [name={name}]").fill(value)
        self.page.locator("#step .btn[type=submit]").click()

    def proves(self, contact: str, act: Act) -> None:
        """Say whose card it is, and enter the code that came."""
        self.sends(tail="2604", contact=contact)
        self.sees("Enter the security code", "title")
        code_requests.answer_waiting()
        self.sends(otp=digits_of(self.card, act))

    def chooses(self, what: str) -> None:
        self.page.locator(f"#step [name=what][value={what}]").check()
        self.sends()

    def sees(self, heading: str, context: str = "") -> None:
        expect(self.page.locator("h1")).to_have_text(pgettext(context, heading) if context else gettext(heading))


@pytest.fixture(params=["zh-hans js", "zh-hans no-js", "en js", "en no-js"])
def person(
    request: pytest.FixtureRequest,
    live_server: LiveServer,
    transactional_db: None,
    new_context: Callable[..., BrowserContext],
) -> Iterator[Loser]:
    """In each language, with JavaScript and without."""
    language, script = request.param.split()
    context = new_context(**PHONE, java_script_enabled=script == "js")
    context.add_cookies([{"name": "lang", "value": language, "url": live_server.url}])
    with translation.override(language):
        yield Loser(context.new_page(), live_server.url, a_card())


def test_a_card_is_frozen_in_four_pages_kept_and_then_lost_for_good(person: Loser) -> None:
    person.opens("/campus/")
    person.page.locator("footer a").filter(has_text=gettext("Report a lost card")).click()
    person.proves("13800138000", Act.FREEZE)
    person.sees("Your card is frozen")
    assert state_of(person.card) == State.SUSPENDED
    assert person.pages <= 4
    person.chooses("block")
    person.page.locator("main a[href*=replace]").click()
    person.sees("Your old card will never work again")
    person.sends()
    person.sees("Your card is reported lost")
    assert state_of(person.card) == State.TERMINATED
    expect(person.page.locator("main")).to_contain_text(gettext("Your new card"))
    assert person.page.locator("main a[href*=found]").count() == 0


def test_a_card_is_found_and_whoever_it_was_not_stops_it_again(person: Loser) -> None:
    services.freeze_card(card_id=person.card.pk, actor=Actor.cardholder(), channel=Via.WEB, reason="lost")
    person.opens("/found/")
    person.proves(EMAIL, Act.UNFREEZE)
    person.sees("Your card works again")
    assert state_of(person.card) == State.ACTIVE
    notice = Message.objects.filter(kind="card_unfrozen").latest("pk")
    person.opens(f"/not-me/{token_of(notice.pk)}/")
    person.sees("Was it not you?")
    assert state_of(person.card) == State.ACTIVE
    person.sends()
    person.sees("We have stopped it")
    expect(person.page.locator("main")).to_contain_text(Case.objects.get().reference)
    assert state_of(person.card) == State.SUSPENDED

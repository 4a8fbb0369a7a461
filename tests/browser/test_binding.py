"""A card is added, a child helps a parent with theirs, who ends it, and its summary is kept: in Chromium, in both
languages, with JavaScript and without."""

from collections.abc import Callable, Iterator

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from accounts import code_requests
from accounts.models import CardBinding, CardHelper, User
from accounts.models.binding_codes import Whose
from accounts.tests.adding import a_card, digits_of
from accounts.tests.factories import UserFactory
from accounts.tests.losing import EMAIL
from accounts.tests.test_summary import read
from cards.models import Card
from tests.browser.conftest import PHONE
from tests.browser.person import Person
from tests.browser.pressing import press


class Family:
    """A parent who has a card and a child who helps, each with a browser of their own."""

    def __init__(self, at_a_browser: Callable[[User], Person]) -> None:
        self.card: Card = a_card()
        self.parent_user, self.child_user = UserFactory.create(), UserFactory.create()
        self.parent, self.child = at_a_browser(self.parent_user), at_a_browser(self.child_user)

    def adds(self, who: Person, whose: Whose, contact: str) -> None:
        """Fill in both pages; the holder reads the code out."""
        who.opens("/cards/")
        press(who.page.get_by_role("link", name=gettext("Add a card"), exact=True))
        who.sends(whose=whose, tail="2604", contact=contact)
        code_requests.answer_waiting()
        who.sends(otp=digits_of(self.card, whose))

    def open(self, who: Person, path: str = "") -> None:
        who.opens(f"/cards/{self.card.pk}/{path}")


@pytest.fixture(params=["zh-hans no-js", "en js"])
def family(
    request: pytest.FixtureRequest,
    live_server: LiveServer,
    transactional_db: None,
    new_context: Callable[..., BrowserContext],
) -> Iterator[Family]:
    """In each language, with JavaScript and without: two walks, because neither changes what the other does here."""
    language, script = request.param.split()

    def at_a_browser(user: User) -> Person:
        context = new_context(**PHONE, java_script_enabled=script == "js")
        context.add_cookies([{"name": "lang", "value": language, "url": live_server.url}])
        person = Person(context.new_page(), live_server.url)
        person.is_signed_in(user)
        return person

    with translation.override(language):
        yield Family(at_a_browser)


def test_a_card_is_added_helped_with_and_kept(family: Family) -> None:
    parent, child = family.parent, family.child
    family.adds(parent, Whose.OWN, "13800138000")
    parent.reads("The card is in your account now")
    assert CardBinding.objects.live().get().user == family.parent_user

    family.adds(child, Whose.HELPED, EMAIL)
    child.reads("You can help with the card now")
    child.reads("You help with this card.")
    family.open(child, "pin/")
    expect(child.page.locator("h1")).not_to_contain_text("PIN")
    family.open(parent)
    press(parent.page.get_by_role("link", name=gettext("End somebody's help")))
    parent.page.locator("#step [name=who]").check()
    parent.sends()
    parent.reads("The help has ended")
    assert not CardHelper.objects.live().exists()
    family.open(child)
    expect(child.page.locator("main")).not_to_contain_text("2604")

    press(parent.page.get_by_role("link", name=gettext("Print or save a summary")))
    parent.reads("There is no PIN and no code in it.")
    with parent.page.expect_download() as saved:
        parent.page.locator("a[href$='summary.pdf']").click()
    said = read(saved.value.path().read_bytes())
    assert gettext("Card summary") in said
    assert family.card.number not in said

"""A card is added, a child helps a parent with theirs, who ends it, and its summary is kept: in Chromium, in both
languages, with JavaScript and without."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts import code_requests
from accounts.models import CardBinding, CardHelper, User
from accounts.models.binding_codes import Whose
from accounts.tests.adding import BACKEND, a_card, digits_of
from accounts.tests.factories import UserFactory
from accounts.tests.losing import EMAIL
from accounts.tests.test_summary import read
from cards.models import Card
from tests.browser.conftest import PHONE


class Family:
    """A parent who has a card and a child who helps, each with a browser of their own."""

    def __init__(self, open_page: Callable[[User], Page], address: str) -> None:
        self.card: Card = a_card()
        self.parent_user, self.child_user = UserFactory.create(), UserFactory.create()
        self.parent, self.child = open_page(self.parent_user), open_page(self.child_user)
        self.address = address

    def adds(self, page: Page, whose: Whose, contact: str) -> None:
        """Fill in both pages; the holder reads the code out."""
        page.goto(f"{self.address}/cards/")
        page.get_by_role("link", name=gettext("Add a card"), exact=True).click()
        page.locator(f"#step [name=whose][value={whose}]").check()
        sends(page, tail="2604", contact=contact)
        code_requests.answer_waiting()
        sends(page, otp=digits_of(self.card, whose))

    def opens(self, page: Page, path: str = "") -> None:
        page.goto(f"{self.address}/cards/{self.card.pk}/{path}")


def sends(page: Page, **answers: str) -> None:
    for name, value in answers.items():
        page.locator(f"#step [name={name}]").fill(value)
    page.locator("#step .btn[type=submit]").click()


def sees(page: Page, words: str) -> None:
    expect(page.locator("main")).to_contain_text(gettext(words))


@pytest.fixture(params=["zh-hans no-js", "en js"])
def family(
    request: pytest.FixtureRequest,
    live_server: LiveServer,
    transactional_db: None,
    new_context: Callable[..., BrowserContext],
) -> Iterator[Family]:
    """In each language, with JavaScript and without: two walks, because neither changes what the other does here."""
    language, script = request.param.split()

    def open_page(user: User) -> Page:
        client = Client()
        client.force_login(user, backend=BACKEND)
        context = new_context(**PHONE, java_script_enabled=script == "js")
        kept = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value, "lang": language}
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in kept.items()])
        return context.new_page()

    with translation.override(language):
        yield Family(open_page, live_server.url)


def test_a_card_is_added_helped_with_and_kept(family: Family) -> None:
    parent, child = family.parent, family.child
    family.adds(parent, Whose.OWN, "13800138000")
    sees(parent, "The card is in your account now")
    assert CardBinding.objects.live().get().user == family.parent_user

    family.adds(child, Whose.HELPED, EMAIL)
    sees(child, "You can help with the card now")
    sees(child, "You help with this card.")
    family.opens(child, "pin/")
    expect(child.locator("h1")).not_to_contain_text("PIN")
    family.opens(parent)
    parent.get_by_role("link", name=gettext("End somebody's help")).click()
    parent.locator("#step [name=who]").check()
    sends(parent)
    sees(parent, "The help has ended")
    assert not CardHelper.objects.live().exists()
    family.opens(child)
    expect(child.locator("main")).not_to_contain_text("2604")

    parent.get_by_role("link", name=gettext("Print or save a summary")).click()
    sees(parent, "There is no PIN and no code in it.")
    with parent.expect_download() as saved:
        parent.locator("a[href$='summary.pdf']").click()
    said = read(saved.value.path().read_bytes())
    assert gettext("Card summary") in said
    assert family.card.number not in said

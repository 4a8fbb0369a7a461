"""A browser that is brought to a page of the catalogue."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.pages import Place
from tests.browser.person import WAYS, Person
from tests.browser.pressing import press
from tests.browser.stack import Stack, running_stack

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce"}
PROGRAMME = {"zh-hans": "campus", "en": "esim"}
Show = Callable[..., Page]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The portal as deployed, with the demo's cards, whose holders have been told."""
    with running_stack(tmp_path_factory.mktemp("stack")) as stack:
        for programme in PROGRAMME.values():
            stack.manage("import_cards", f"demo/cards/{programme}.csv", "--programme", programme)
            for channel in ("sms", "email"):
                stack.manage("issue_codes", "--programme", programme, "--channel", channel)
        yield stack


@pytest.fixture(scope="session")
def phone(browser: Browser) -> Iterator[Page]:
    """A page that is used again and again: what its browser has compiled, axe-core above all, need not be anew."""
    with browser.new_context(**PHONE) as context:
        yield context.new_page()


@pytest.fixture
def show(live_server: LiveServer, transactional_db: None, new_context: Callable[..., BrowserContext]) -> Show:
    """Show a place in a language on a phone; `big` for large print, further options are of Playwright's new page."""

    def shown(place: Place, language: str, page: Page | None = None, *, big: bool = False, **options: Any) -> Page:
        browser = place.arrive()
        sent = browser.page.request
        query = f"?{sent['QUERY_STRING']}" if sent.get("QUERY_STRING") else ""
        kept = {name: morsel.value for name, morsel in browser.client.cookies.items()}
        kept |= {"lang": language, "big": "1" if big else "0"}
        page = page or new_context(**PHONE | options).new_page()
        page.set_viewport_size(options.get("viewport", PHONE["viewport"]))
        page.context.clear_cookies()
        page.context.add_cookies([{"name": name, "value": kept[name], "url": live_server.url} for name in kept])
        page.goto(f"{live_server.url}{browser.at}{query}")
        if place.press is not None:
            place.press(page)
        return page

    return shown


@pytest.fixture(params=WAYS)
def person(
    request: pytest.FixtureRequest,
    live_server: LiveServer,
    transactional_db: None,
    new_context: Callable[..., BrowserContext],
) -> Iterator[Person]:
    """In each language, with JavaScript and without."""
    language, script = request.param.split()
    context = new_context(**PHONE, java_script_enabled=script == "js")
    context.add_cookies([{"name": "lang", "value": language, "url": live_server.url}])
    with translation.override(language):
        yield Person(context.new_page(), live_server.url)


def send(page: Page, place: Place) -> Page:
    """Make the mistake of this place: fill its form in and press its button."""
    for name, value in (place.wrong or {}).items():
        field = page.locator(f"#step [name={name}]")
        if field.first.get_attribute("type") == "radio":
            page.locator(f"#step [name={name}][value={value}]").check()
        else:
            field.fill(value)
    press(page.locator("#step .btn[type=submit]"))
    page.locator("#errors").wait_for()
    return page

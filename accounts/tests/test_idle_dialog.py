"""Before a session ends by time the page asks, in a browser with JavaScript."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import UserFactory


@pytest.fixture
def page(
    live_server: LiveServer, transactional_db: None, client: Client, new_context: Callable[..., BrowserContext]
) -> Page:
    """The cards of a signed-in person, with a clock that the test moves."""
    client.force_login(UserFactory.create(), backend="accounts.backends.OneTimeCodeBackend")
    context = new_context()
    context.add_cookies([{"name": "sessionid", "value": str(client.session.session_key), "url": live_server.url}])
    opened = context.new_page()
    opened.clock.install()
    opened.goto(f"{live_server.url}/cards/?lang=en")
    return opened


def test_after_18_minutes_the_page_asks_and_staying_asks_again_later(page: Page) -> None:
    dialog = page.get_by_role("dialog", name="Do you want to stay signed in?")
    page.clock.fast_forward("17:59")
    expect(dialog).to_be_hidden()
    for _round in range(2):
        page.clock.fast_forward("18:00")
        expect(dialog).to_be_visible()
        with page.expect_request("**/cards/"):
            dialog.get_by_role("button", name="Stay signed in").click()
        expect(dialog).to_be_hidden()


def test_the_question_is_asked_with_the_focus_in_it_and_gives_it_back(page: Page) -> None:
    link = page.get_by_role("link", name="Help")
    link.focus()
    page.clock.fast_forward("18:01")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(link).to_be_focused()


def test_signing_out_from_the_question_ends_the_session(page: Page) -> None:
    page.clock.fast_forward("18:01")
    page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You have signed out")).to_be_visible()

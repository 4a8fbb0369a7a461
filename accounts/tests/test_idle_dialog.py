"""Before a session ends by time the page asks, in a browser with JavaScript; in one without, a line appears."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import UserSession
from accounts.models.sessions import ALTOGETHER
from accounts.tests.factories import UserFactory
from tests.browser.pressing import press


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
    button = dialog.get_by_role("button", name="Stay signed in")
    ways: list[Callable[[], None]] = [button.click, lambda: page.keyboard.press("Escape"), button.click]
    for stay in ways:
        page.clock.fast_forward("18:00")
        expect(dialog).to_be_visible()
        with page.expect_request("**/account/stay/"):
            stay()
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


def test_before_the_twelve_hours_are_over_it_asks_to_sign_in_again_and_keeps_what_was_typed(page: Page) -> None:
    UserSession.objects.update(began_at=timezone.now() - ALTOGETHER + timedelta(minutes=15))
    page.goto(page.url.replace("/cards/", "/account/phone/"))
    page.locator("[name=contact]").fill("13912345750")
    page.clock.fast_forward("10:01")
    dialog = page.get_by_role("dialog", name="Do you want to sign in again now?")
    dialog.get_by_role("button", name="Not yet").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("[name=contact]")).to_have_value("13912345750")
    press(page.locator("main").get_by_role("button", name="Sign in again now"))
    expect(page.locator("main")).to_contain_text("we keep what you typed")


def test_without_javascript_a_line_appears_that_keeps_the_page_and_its_session(
    page: Page, new_context: Callable[..., BrowserContext]
) -> None:
    expect(page.locator(".soon")).to_have_count(0)
    context = new_context(java_script_enabled=False)
    context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    bare = context.new_page()
    bare.goto(page.url)
    line = bare.locator(".soon")
    expect(line).to_be_hidden()
    bare.evaluate("document.getAnimations().forEach((one) => { one.currentTime = 1079 * 1000; })")
    expect(line).to_be_hidden()
    bare.evaluate("document.getAnimations().forEach((one) => { one.currentTime = 1081 * 1000; })")
    expect(line).to_be_visible()
    with context.expect_page() as opened:
        line.get_by_role("link").click()
    expect(opened.value.locator("h1")).to_have_text("You are still signed in")
    expect(bare).to_have_url(page.url)

"""P22: the pages shown instead of the one asked for, each by what really leads to it."""

from playwright.sync_api import Page

from accounts.address_limits import REQUESTS
from accounts.tests.factories import StaffFactory
from activation.tests.browser import Browser
from tests.browser.pressing import press
from tests.browser.signing_in import PHONE, SIGN_IN
from tests.browser.steps import opened
from vault import limits

HERE = "127.0.0.1"


def staff_without_a_role() -> Browser:
    browser = opened("/campus/")
    browser.client.force_login(StaffFactory.create(), backend="django.contrib.auth.backends.ModelBackend")
    browser.open("/admin/cards/card/")
    return browser


def busy_place() -> Browser:
    browser = opened(f"/campus{SIGN_IN}")
    for _request in range(REQUESTS[0].tries):
        limits.count(REQUESTS[0], HERE)
    return browser


def send_contact(page: Page) -> None:
    page.locator("[name=ident]").fill(PHONE)
    press(page.locator("#step .btn"))


def send_without_cookie(page: Page) -> None:
    page.context.clear_cookies(name="csrftoken")
    press(page.locator("#step .btn"))


def stay(page: Page) -> None:
    """The page is the answer to a GET."""


WALKS = {
    "refused: page not found": (lambda: opened("/campus/nowhere/"), stay),
    "refused: unreadable": (lambda: opened("/help/?lang=%00&x=%ff"), stay),
    "refused: not allowed": (staff_without_a_role, stay),
    "refused: open for too long": (lambda: opened("/campus/activate/enter-code/"), send_without_cookie),
    "refused: too many requests": (busy_place, send_contact),
}

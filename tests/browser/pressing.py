"""Press a link or a button, and wait for the page that follows."""

from playwright.sync_api import Locator


def press(target: Locator) -> None:
    """Return when the next page has loaded as a whole.

    A click alone returns before the server has answered: what is looked at then is the old page, or half of the next.
    """
    with target.page.expect_navigation():
        target.click()

"""The pages of a portal that is broken, 500 and 503, as granian serves them: in both languages at once, without
Django's templates.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.conftest import PHONE
from tests.browser.looking import in_large_print, mirrored, reflow, rules, seen_in_each_colour
from tests.browser.reading import heard, reviewed
from tests.browser.stack import Stack
from tests.services.processes import free_port

HEADINGS = {500: "服务出了问题", 503: "服务暂停"}


@contextmanager
def broken(stack: Stack, status: int) -> Iterator[str]:
    """The address of a portal whose database holds no table (500), or cannot be reached (503)."""
    url = stack.installation.environment["DATABASE_URL"]
    without_tables = f"{url.rpartition('/')[0]}/template1"
    unreachable = f"postgres://nobody@127.0.0.1:{free_port()}/none"
    web, address = stack.web_of_database(without_tables if status == 500 else unreachable)
    with web:
        yield address


@pytest.mark.parametrize("status", HEADINGS)
def test_page_of_a_broken_portal_is_accessible_and_reads_as_reviewed(
    stack: Stack, new_context: Callable[..., BrowserContext], status: int
) -> None:
    with broken(stack, status) as address:
        page = new_context(**PHONE).new_page()
        answer = page.goto(f"{address}/campus/")
        assert answer is not None and answer.status == status
        assert answer.headers["cache-control"] == "no-store"
        assert page.locator("h1").inner_text() == HEADINGS[status]
        assert page.evaluate("document.styleSheets[0].cssRules.length") > 20
        said = heard(page, "body")
        assert said == reviewed(f"broken {status}", "zh-hans", said)
        assert rules(page) + seen_in_each_colour(page) == []
        with in_large_print(page):
            assert rules(page, big=True) + reflow(page) + mirrored(page) == []

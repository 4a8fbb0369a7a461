"""What a page weighs on the wire and how often it asks (T14), at the portal as deployed: granian, gathered files."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.stack import Stack

FIRST_BYTES, FIRST_REQUESTS = 14 * 1024, 5
NEXT_BYTES, NEXT_REQUESTS = 4 * 1024, 1
SHIFTS = """() => new Promise(done => {
  let sum = 0;
  const add = list => list.getEntries().forEach(e => { sum += e.value; });
  new PerformanceObserver(add).observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(sum), 100);
})"""
FOLLOWING = [
    "/campus/activate/enter-code/",
    "/campus/activate/enter-code/?e=1",
    "/campus/code/new/",
    "/campus/account/sign-in/",
    "/campus/help/",
    "/campus/accessibility/",
    "/campus/terms/",
    "/campus/privacy/",
]

OF_AN_ACCOUNT = ["/campus/account/data/", "/campus/account/", "/campus/cards/", "/campus/account/activity/"]
SIGNED_IN = """
from django.test import Client
from accounts.models import User
user = User.objects.first() or User.objects.create(phone="+8613900139000")
client = Client()
client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
print("cookie", client.cookies["sessionid"].value)
"""


class Meter:
    """Counts what a page fetched: requests and bytes, with their headers, as they came over the wire."""

    def __init__(self, page: Page) -> None:
        self.asked: dict[str, str] = {}
        self.requests: list[str] = []
        self.bytes = 0
        self.page, self.session = page, page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.session.on("Network.requestWillBeSent", self._asks)
        self.session.on("Network.loadingFinished", self._came)

    def _asks(self, event: dict[str, Any]) -> None:
        self.asked[event["requestId"]] = event["request"]["url"]

    def _came(self, event: dict[str, Any]) -> None:
        if event["encodedDataLength"]:  # not from the cache
            self.requests.append(self.asked[event["requestId"]])
            self.bytes += int(event["encodedDataLength"])

    def reset(self) -> None:
        self.requests, self.bytes = [], 0

    def shifts(self) -> bool:
        """Whether what is shown moves each of three times: a busy machine may paint half a page, but not always."""
        for _load in range(3):
            if self.page.evaluate(SHIFTS) == 0:
                return False
            self.session.send("Network.setCacheDisabled", {"cacheDisabled": True})
            self.page.reload(wait_until="networkidle")
            self.session.send("Network.setCacheDisabled", {"cacheDisabled": False})
        return True


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_first_page_fits_the_first_packets_and_the_next_ones_are_small(
    stack: Stack, new_context: Callable[..., BrowserContext], locale: str
) -> None:
    context = new_context(locale=locale, viewport={"width": 390, "height": 844})
    page = context.new_page()
    meter = Meter(page)
    page.goto(f"{stack.address}/campus/", wait_until="networkidle")
    assert meter.bytes <= FIRST_BYTES
    assert len(meter.requests) <= FIRST_REQUESTS
    assert context.cookies() == []
    assert not meter.shifts()
    session = stack.manage("shell", "--no-imports", "-c", SIGNED_IN).split()[-1]
    for address in (*FOLLOWING, *OF_AN_ACCOUNT):
        if address == OF_AN_ACCOUNT[0]:
            context.add_cookies([{"name": "sessionid", "value": session, "url": stack.address}])
        meter.reset()
        page.goto(stack.address + address, wait_until="networkidle")
        assert urlsplit(page.url).path == urlsplit(address).path
        assert meter.bytes <= NEXT_BYTES, address
        assert len(meter.requests) <= NEXT_REQUESTS, meter.requests
        assert {urlsplit(url).netloc for url in meter.requests} <= {urlsplit(stack.address).netloc}
        assert not meter.shifts()

"""The servers as fixtures. Those of the session belong to one worker; what breaks one mends it: `with it.down():`."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext

from tests.services import chromium as chromium_program
from tests.services.postgres import PostgresServer
from tests.services.redis import RedisServer
from tests.services.sms import SmsGateway
from tests.services.smtp import SmtpServer


@pytest.fixture
def postgres(django_db_setup: None) -> str:
    """This test needs PostgreSQL: it is collected under `--database=postgresql` only. The test database's URL."""
    settings = connection.settings_dict
    return f"postgres://{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """An empty PostgreSQL that is not the suite's database, so that a test may kill or freeze it."""
    server = PostgresServer()
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A Redis that a test may kill or freeze."""
    server = RedisServer()
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """A mail server with an empty mailbox."""
    with SmtpServer() as server:
        yield server


@pytest.fixture
def sms_gateway() -> Iterator[SmsGateway]:
    """An SMS gateway with an empty mailbox."""
    with SmsGateway() as gateway:
        yield gateway


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Debian's Chromium instead of Playwright's own."""
    return {"executable_path": chromium_program.PROGRAM, "args": chromium_program.FLAGS}


@pytest.fixture(scope="session")
def chromium(browser: Browser) -> Browser:
    """Debian's Chromium. Most tests want `page` or `new_context`."""
    return browser


@pytest.fixture
def new_context(new_context: Callable[..., BrowserContext]) -> Iterator[Callable[..., BrowserContext]]:
    """Contexts whose requests stay on this machine: one that would leave finds no address and fails the test."""
    leaving: list[str] = []

    def note(url: str) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme in {"http", "https", "ws", "wss"} and host not in {"127.0.0.1", "localhost"}:
            leaving.extend([] if host.endswith(".localhost") else [url])

    def guarded(**options: object) -> BrowserContext:
        context = new_context(**options)
        context.on("request", lambda request: note(request.url))
        return context

    yield guarded
    assert leaving == [], "requests that leave this machine"

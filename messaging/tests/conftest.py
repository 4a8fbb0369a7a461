"""A kind of message for tests, with the texts of `contact_code` and a code that follows from the subject."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from messaging import kinds
from messaging.gateways import memory
from messaging.tests.secrets import contact_code
from tests.services.sms import SmsGateway


@pytest.fixture(autouse=True)
def contact_code_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """`contact_code` needs no attempt and no card here."""
    monkeypatch.setitem(kinds._KINDS, "contact_code", kinds.Kind("contact_code", contact_code))


@pytest.fixture
def http_sms(settings: Settings, sms_gateway: SmsGateway) -> SmsGateway:
    """Text messages go to a real HTTP server."""
    settings.SMS_URL = sms_gateway.url
    return sms_gateway


@pytest.fixture
def memory_sms(settings: Settings) -> Iterator[None]:
    """Text messages go to a list."""
    settings.SMS_URL = "memory:"
    memory.outbox.clear()
    yield
    memory.outbox.clear()

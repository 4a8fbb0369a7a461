"""The command that tells the addresses for callbacks, as providers are given them."""

from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from pytest_django import Settings

from messaging.models import Receipt
from messaging.tests.callbacks import call_back


def told() -> tuple[list[str], str]:
    out, err = StringIO(), StringIO()
    call_command("receipt_addresses", stdout=out, stderr=err)
    return out.getvalue().splitlines(), err.getvalue()


@pytest.mark.django_db
def test_every_gateway_that_calls_back_has_an_address_that_works(settings: Settings) -> None:
    settings.SMS_URL = "first=http://127.0.0.1:9/sms console: second=http://127.0.0.1:9/sms"
    settings.VOICE_URL = "http://127.0.0.1:9/call"
    lines, _err = told()
    assert [line.split()[0] for line in lines] == ["first", "second", "voice"]
    addresses = [line.split()[1] for line in lines]
    assert len(set(addresses)) == 3
    for address in addresses:
        assert address.startswith(f"{settings.PORTAL_URL}/receipts/")
        assert call_back({"id": "x", "status": "sent"}, path=urlsplit(address).path).status_code == 204
    assert sorted(Receipt.objects.values_list("gateway", flat=True)) == ["first", "second", "voice"]


def test_an_installation_whose_gateways_do_not_call_back_is_told_so(settings: Settings) -> None:
    settings.SMS_URL, settings.VOICE_URL = "console:", ""
    lines, err = told()
    assert lines == []
    assert err == "No gateway of this installation calls back.\n"

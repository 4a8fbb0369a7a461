"""One variable names several gateways, the first choice first, and each is found by its name."""

import pytest
from pytest_django import Settings

from messaging.gateways.addresses import AddressesNotReadable, named_addresses
from messaging.gateways.chosen import GatewayNotKnown, gateway_named, gateway_names, gateways_for
from messaging.gateways.http import HttpGateway


def test_an_address_is_called_by_its_scheme_or_by_the_name_in_front_of_it() -> None:
    typed = "https://u:p@a/?x=y  \n backup=https://b/ http://c"
    assert named_addresses(typed) == {"https": "https://u:p@a/?x=y", "backup": "https://b/", "http": "http://c"}
    assert list(named_addresses("http://c backup=https://b/")) == ["http", "backup"]
    assert named_addresses(" ") == {}


def test_the_equals_sign_of_a_query_is_no_name() -> None:
    assert named_addresses("https://a/?from=http:") == {"https": "https://a/?from=http:"}


@pytest.mark.parametrize("typed", ["a", "https", "=https://a", "A=https://a", "a b=https://c", "a=b", "a=https:// a"])
def test_what_cannot_be_meant_is_refused(typed: str) -> None:
    with pytest.raises(AddressesNotReadable):
        named_addresses(typed)


def test_two_gateways_of_one_name_are_refused_without_repeating_them() -> None:
    with pytest.raises(AddressesNotReadable, match="Item 2") as refusal:
        named_addresses("https://u:hunter2@a https://u:hunter2@b")
    assert "hunter2" not in str(refusal.value)


def test_every_gateway_is_found_by_its_name(settings: Settings) -> None:
    settings.SMS_URL = "main=https://a/ backup=http://b/ console:"
    settings.VOICE_URL = "https://c/"
    assert gateway_names("sms") == ["main", "backup", "console"]
    assert gateway_names("voice") == ["voice"] and gateway_names("letter") == []
    for name in ("main", "backup", "console", "voice"):
        assert gateway_named(name).name == name
    assert isinstance(gateway_named("backup"), HttpGateway)
    (email,) = gateway_names("email")
    assert gateway_named(email).name == email
    assert [gateway.name for gateway in gateways_for("sms")] == ["main", "backup", "console"]


def test_a_name_of_no_gateway_is_not_known(settings: Settings) -> None:
    settings.SMS_URL, settings.VOICE_URL = "https://a/", ""
    with pytest.raises(GatewayNotKnown):
        gateway_named("b")
    with pytest.raises(GatewayNotKnown):
        gateways_for("voice")

"""Whose address counts, behind how many proxies."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from vault.client_address import client_address, subnet


@pytest.mark.parametrize(
    ("proxies", "connected_from", "forwarded", "found"),
    [
        (0, "203.0.113.7", "", "203.0.113.7"),
        (0, "203.0.113.7", "198.51.100.1", "203.0.113.7"),
        (1, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        (2, "10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "10.0.0.1", "198.51.100.1", "10.0.0.1"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (1, "10.0.0.1", "unknown", "10.0.0.1"),
        (1, "10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        (1, "10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "10.0.0.1", "2001:0DB8:0:0::1", "2001:db8::1"),
        (1, "10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1", "fe80::1%eth0", "fe80::1"),
        (1, "10.0.0.1", "x" * 100_000, "10.0.0.1"),
        (1, "10.0.0.1", "," * 100_000, "10.0.0.1"),
        (1, "10.0.0.1", "１９８.51.100.1", "10.0.0.1"),
        (0, "", "198.51.100.1", ""),
    ],
)
def test_the_address_that_our_outermost_proxy_saw_counts(
    settings: Settings, proxies: int, connected_from: str, forwarded: str, found: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=connected_from, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == found


def test_without_the_header_the_connection_counts(settings: Settings) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    assert client_address(RequestFactory().get("/", REMOTE_ADDR="10.0.0.1")) == "10.0.0.1"


@pytest.mark.parametrize(
    ("address", "network"),
    [("198.51.100.77", "198.51.100.0/24"), ("2001:db8:1:2ff:3::4", "2001:db8:1:200::/56"), ("", "")],
)
def test_neighbours_share_a_subnet(address: str, network: str) -> None:
    assert subnet(address) == network

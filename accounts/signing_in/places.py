"""From where an account is used, as far as the address tells it without asking anybody: which network."""

import ipaddress

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from pages.markup import digits


def place_told(network: str, here: str) -> str:
    """Say where a session is used; `here` is the network of whoever reads it. Both are of `client_address.subnet`.

    A network is a household, an office or a cell of a carrier, so "the one that you use now" is what helps people; the
    beginning of its addresses is for those who can compare.
    """
    if not network:
        return gettext("Not known")
    if network == here:
        return gettext("The network that you use now")
    words = gettext("Another network (its addresses begin with %(start)s)")
    return SafeString(escape(words) % {"start": digits(beginning_of(network))})


def beginning_of(network: str) -> str:
    """Give what all addresses of a network begin with: "203.0.113", "2001:db8:12:34"."""
    known = ipaddress.ip_network(network)
    if known.version == 4:
        return ".".join(str(known.network_address).split(".")[: known.prefixlen // 8])
    parts = known.network_address.exploded.split(":")[: known.prefixlen // 16]
    return ":".join(part.lstrip("0") or "0" for part in parts)

"""Where a request comes from, as far as it can be believed."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

SUBNET_BITS = {4: 24, 6: 56}


def client_address(request: HttpRequest) -> str:
    """The client's IP address, in its canonical spelling; "" where there is none (a local socket).

    `TRUSTED_PROXY_COUNT` proxies of ours each add the address they were called from to X-Forwarded-For, so the
    client's is that many from the right. Everything further left is the client's own word and counts for nothing. A
    request that did not come through all of them is known by its connection.
    """
    connected_from = _address(request.META.get("REMOTE_ADDR", ""))
    trusted: int = settings.TRUSTED_PROXY_COUNT
    if trusted == 0:
        return connected_from
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", trusted)
    if len(forwarded) < trusted:
        return connected_from
    return _address(forwarded[-trusted]) or connected_from


def subnet(address: str) -> str:
    """The network that usually belongs to one customer: /24 of IPv4, /56 of IPv6. "" for ""."""
    if not address:
        return ""
    bits = SUBNET_BITS[ipaddress.ip_address(address).version]
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))


def _address(text: str) -> str:
    """Without port, brackets, zone and IPv4-in-IPv6; "" when it is no address."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)

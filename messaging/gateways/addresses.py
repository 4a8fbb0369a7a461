"""The list of gateways in one variable: `name=url` or only `url`, separated by white space, the first choice first."""

import re

NAMED = re.compile(r"(?:(?P<name>[^=:/?#]*)=)?(?P<url>(?P<scheme>[a-z][a-z0-9+.-]*):.*)", re.DOTALL)
NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


class AddressesNotReadable(ValueError):
    """The list cannot be meant. Says why, without repeating what was written: it holds passwords."""


def named_addresses(typed: str, *, default_name: str = "") -> dict[str, str]:
    """Addresses by name, in order. A name is what is in front of `=`, else `default_name`, else the scheme.

    Raises AddressesNotReadable.
    """
    addresses: dict[str, str] = {}
    for position, item in enumerate(typed.split(), start=1):
        found = NAMED.fullmatch(item)
        if not found:
            raise AddressesNotReadable(f"Item {position} is no address: write name=https://host/path or the like.")
        name = found["name"] if found["name"] is not None else default_name or found["scheme"]
        if not NAME.fullmatch(name):
            raise AddressesNotReadable(f"Write the name of item {position} with a-z, 0-9, _ and - only.")
        if name in addresses:
            raise AddressesNotReadable(
                f"Item {position} is called as another one: give it a name of its own in front, name=..."
            )
        addresses[name] = found["url"]
    return addresses

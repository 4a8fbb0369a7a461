"""The list of gateways in one variable: `name=url` or only `url`, separated by white space, the first choice first."""

import re
from collections.abc import Collection
from urllib.parse import SplitResult, parse_qsl, unquote

HOSTLESS = ("console", "memory", "file")
VOICE_SCHEMES = (*HOSTLESS, "http", "https")
SMS_SCHEMES = (*VOICE_SCHEMES, "aliyun", "tencent", "twilio", "smpp")
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


class Address:
    """One gateway's address, taken apart: user, password, host, port and the options in its query.

    `form` is what it should look like. Raises AddressesNotReadable when user, password or host is missing, or an
    option is none of `options`.
    """

    def __init__(self, parts: SplitResult, form: str, options: Collection[str]) -> None:
        self.scheme, self.host, self.port = parts.scheme, parts.hostname or "", parts.port
        self.netloc = parts.netloc.rpartition("@")[2]
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        # A plus is a plus here, as in telephone numbers, and not a space.
        self.options = dict(parse_qsl(parts.query.replace("+", "%2B")))
        if not (self.user and self.password and self.host):
            raise AddressesNotReadable(f"Write {form}")
        unknown = set(self.options) - set(options)
        if unknown:
            raise AddressesNotReadable(f"{self.scheme}: takes only these options: {', '.join(sorted(options))}.")

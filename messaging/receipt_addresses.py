"""Where gateways report to: for each of them an address that nobody can guess.

The token follows from a key and the gateway's name, so it is stored nowhere. The key is derived from CODE_KEYS,
because that ring is the one that can be changed lightly: put a new key in front, give the providers their new
addresses, and when the last code of the old key has ended take that out; an address that has leaked ends with it.
"""

import hmac

from django.conf import settings

from vault.keyrings import KeyRing, ring

PURPOSE = "receipt address"
DIGITS = 40  # 160 bits in hexadecimal
PATH = "receipts"


def receipt_address(gateway: str, token: str = "") -> str:
    """The address that this gateway's provider is told: with this token, else with the newest key's."""
    keys = ring("CODE_KEYS")
    return f"{settings.PORTAL_URL.rstrip('/')}{path_of(gateway, token or _token(keys, keys.newest_id, gateway))}"


def path_of(gateway: str, token: str) -> str:
    """The path, which must be spelt alike everywhere: providers sign their callbacks with the address."""
    return f"/{PATH}/{gateway}/{token}/"


def is_token_of(gateway: str, token: str) -> bool:
    """Whether some key of the ring gives this token for the gateway; takes the same time whatever was sent."""
    keys = ring("CODE_KEYS")
    typed = token.encode(errors="replace")
    found = [hmac.compare_digest(_token(keys, key_id, gateway).encode(), typed) for key_id in keys]
    return any(found)


def _token(keys: KeyRing, key_id: str, gateway: str) -> str:
    return hmac.digest(keys.derived(key_id, PURPOSE), gateway.encode(), "sha256").hex()[:DIGITS]

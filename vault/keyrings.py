"""Key rings: the named keys of one setting, newest first."""

import re
from collections.abc import Iterator, Mapping

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)
SHORTEST_KEY = 32


class KeyRing:
    """Keys by id. The first writes, all of them read: so a key can be changed while the portal runs.

    Raises ImproperlyConfigured when the setting is empty, an id is not 1 to 32 letters, digits, `-` or `_`
    (the id is stored in front of what it sealed), or a key is shorter than 32 bytes.
    """

    def __init__(self, setting_name: str, keys: Mapping[str, bytes]) -> None:
        if not keys:
            raise ImproperlyConfigured(f"{setting_name} holds no key: give it at least one, newest first.")
        for key_id, key in keys.items():
            if not KEY_ID.fullmatch(key_id):
                raise ImproperlyConfigured(
                    f"{setting_name}: the key id {key_id!r} must be 1 to 32 letters, digits, '-' or '_'."
                )
            if len(key) < SHORTEST_KEY:
                raise ImproperlyConfigured(
                    f"{setting_name}: the key {key_id!r} has {len(key)} bytes, it needs at least {SHORTEST_KEY}."
                )
        self.source = keys
        self.newest_id: str = next(iter(keys))
        self._keys = dict(keys)
        self._derived: dict[tuple[str, str], bytes] = {}

    def __getitem__(self, key_id: str) -> bytes:
        """The key with this id. Raises KeyError when the ring does not hold it."""
        return self._keys[key_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    @property
    def newest(self) -> tuple[str, bytes]:
        """Id and key to write with."""
        return self.newest_id, self._keys[self.newest_id]

    def derived(self, key_id: str, purpose: str) -> bytes:
        """The 32-byte subkey for one purpose (HKDF-SHA256), so that no key serves two. Raises KeyError."""
        held = self._derived.get((key_id, purpose))
        if held is None:
            held = HKDF(SHA256(), 32, salt=None, info=f"vault|{purpose}".encode()).derive(self._keys[key_id])
            self._derived[key_id, purpose] = held
        return held


_rings: dict[str, KeyRing] = {}


def ring(setting_name: str) -> KeyRing:
    """The key ring of a setting, built once: `ring("FIELD_ENCRYPTION_KEYS")`."""
    keys = getattr(settings, setting_name)
    held = _rings.get(setting_name)
    if held is None or held.source is not keys:
        held = _rings[setting_name] = KeyRing(setting_name, keys)
    return held

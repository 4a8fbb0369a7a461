"""Sealing: AES-256-GCM under FIELD_ENCRYPTION_KEYS, bound to the place where the bytes lie.

Sealed bytes are `<key id>.<12 random bytes><ciphertext and tag>`. Random nonces allow 2^32 seals under one key
(NIST SP 800-38D, 8.3): rotate before, see `rotate_keys`.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.keyrings import KeyRing, ring

NONCE_BYTES = 12


class CannotUnseal(Exception):
    """The bytes were not sealed by one of our keys for this place: a missing key, damage, or a copy."""


_ciphers: dict[tuple[KeyRing, str, str], AESGCM] = {}


def _cipher(keys: KeyRing, key_id: str, purpose: str) -> AESGCM:
    held = _ciphers.get((keys, key_id, purpose))
    if held is None:
        held = _ciphers[keys, key_id, purpose] = AESGCM(keys.derived(key_id, purpose))
    return held


def seal(plain: bytes, *, bound_to: str, purpose: str = "field") -> bytes:
    """Seal with the newest key. Only the same `bound_to` and `purpose` open it again."""
    keys = ring("FIELD_ENCRYPTION_KEYS")
    key_id = keys.newest_id
    nonce = os.urandom(NONCE_BYTES)
    body = _cipher(keys, key_id, purpose).encrypt(nonce, plain, bound_to.encode())
    return b"%b.%b%b" % (key_id.encode(), nonce, body)


def unseal(sealed: bytes, *, bound_to: str, purpose: str = "field") -> bytes:
    """Open what `seal` made, whichever of our keys sealed it. Raises CannotUnseal."""
    head, _, body = sealed.partition(b".")
    try:
        cipher = _cipher(ring("FIELD_ENCRYPTION_KEYS"), head.decode("ascii"), purpose)
        return cipher.decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], bound_to.encode())
    except (InvalidTag, KeyError, ValueError):
        raise CannotUnseal("These bytes were not sealed for this place by a key we hold.") from None


def newest_cipher(purpose: str = "field") -> AESGCM:
    """What `seal` encrypts with."""
    keys = ring("FIELD_ENCRYPTION_KEYS")
    return _cipher(keys, keys.newest_id, purpose)


def newest_prefix() -> bytes:
    """How everything sealed by the newest key begins."""
    return ring("FIELD_ENCRYPTION_KEYS").newest_id.encode() + b"."

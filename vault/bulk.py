"""Sealing, opening and indexing a great many values: what is the same for all of them is looked up once."""

import os
from collections.abc import Callable
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import models

from vault.fields import EncryptedTextField, Sealed
from vault.sealing import NONCE_BYTES, newest_cipher, newest_prefix, unseal


def sealer(model: type[models.Model], field_name: str) -> Callable[[str, str], bytes]:
    """Give a function that seals as `sealed_value` does: from the row's id in hex and the text to the column's bytes.

    Get a new one for each bulk write: it goes on with the key that is the newest now.
    """
    field = model._meta.get_field(field_name)
    if not isinstance(field, EncryptedTextField):
        raise TypeError(f"{model._meta.label}.{field_name} is not an EncryptedTextField.")
    place = f"{model._meta.db_table}.{field.column}|"
    head, encrypt, random_bytes = newest_prefix(), newest_cipher().encrypt, os.urandom

    def seal(pk_hex: str, text: str) -> bytes:
        nonce = random_bytes(NONCE_BYTES)
        return head + nonce + encrypt(nonce, text.encode(), (place + pk_hex).encode())

    return seal


def opener(model: type[models.Model], field_name: str) -> Callable[[UUID, Sealed | None], str]:
    """Give a function from a row's id and its column, read without the row, to the text; "" where it is empty.

    It raises CannotUnseal.
    """
    field = model._meta.get_field(field_name)
    if not isinstance(field, EncryptedTextField):
        raise TypeError(f"{model._meta.label}.{field_name} is not an EncryptedTextField.")
    bound_to = field.bound_to

    def open_(pk: UUID, sealed: Sealed | None) -> str:
        return "" if sealed is None else unseal(sealed.data, bound_to=bound_to(pk)).decode()

    return open_


def indexer(kind: str) -> Callable[[str], str]:
    """Give a function from a value to its `blind_index` in hex.

    HMAC as RFC 2104 defines it, on two SHA-256 states that have taken the key in: in a quarter of the time.
    """
    key = settings.BLIND_INDEX_KEY
    block = (key if len(key) <= sha256().block_size else sha256(key).digest()).ljust(sha256().block_size, b"\0")
    inner = sha256(bytes(byte ^ 0x36 for byte in block) + f"{kind}\0".encode())
    outer = sha256(bytes(byte ^ 0x5C for byte in block))

    def index(value: str) -> str:
        message, mac = inner.copy(), outer.copy()
        message.update(value.encode())
        mac.update(message.digest())
        return mac.hexdigest()[:32]

    return index

"""Sealing and indexing a great many values: what is the same for all of them is looked up once."""

import hmac
import os
from collections.abc import Callable

from django.conf import settings
from django.db import models

from vault.fields import EncryptedTextField
from vault.sealing import NONCE_BYTES, newest_cipher, newest_prefix


def sealer(model: type[models.Model], field_name: str) -> Callable[[str, str], bytes]:
    """Give a function that seals as `sealed_value` does: from the row's id in hex and the text to the column's bytes.

    Get a new one for each bulk write: it goes on with the key that is the newest now.
    """
    field = model._meta.get_field(field_name)
    if not isinstance(field, EncryptedTextField):
        raise TypeError(f"{model._meta.label}.{field_name} is not an EncryptedTextField.")
    place, head, encrypt = f"{model._meta.db_table}.{field.column}|", newest_prefix(), newest_cipher().encrypt

    def seal(pk_hex: str, text: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return head + nonce + encrypt(nonce, text.encode(), (place + pk_hex).encode())

    return seal


def indexer(kind: str) -> Callable[[str], str]:
    """Give a function from a value to its `blind_index` in hex."""
    keyed = hmac.new(settings.BLIND_INDEX_KEY, f"{kind}\0".encode(), "sha256")

    def index(value: str) -> str:
        mac = keyed.copy()
        mac.update(value.encode())
        return mac.hexdigest()[:32]

    return index

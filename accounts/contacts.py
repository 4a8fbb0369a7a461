"""A phone or an email in its one spelling: a phone is E.164, so whatever has an "@" is an email."""

import uuid

from cards import masks
from cards.dimensions import Channel
from vault.blind_index import blind_index


def channel_of(contact: str) -> str:
    return Channel.EMAIL if "@" in contact else Channel.SMS


def field_of(contact: str) -> str:
    """Name the column, and the kind of blind index, that holds such a contact."""
    return "email" if "@" in contact else "phone"


def index_of(contact: str) -> uuid.UUID:
    return blind_index(field_of(contact), contact)


def mask(contact: str) -> str:
    return masks.mask_email(contact) if "@" in contact else masks.mask_phone(contact)

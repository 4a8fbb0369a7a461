"""The link "it was not me" in a notice, and which card or account a notice is about.

The token is the message's id and an HMAC of it, by a subkey of CODE_KEYS: nothing is stored, every key of the ring is
good, and it ends a week after the message was written.
"""

import base64
import binascii
import hmac
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from accounts.models.cases import Done
from cards.models import Programme
from messaging.models import Message
from vault.keyrings import ring

LINK_LIFE = timedelta(days=7)
SUBKEY = "not me"
MAC_BYTES = 16

SubjectOf = Callable[[uuid.UUID], uuid.UUID | None]
Undo = Callable[[uuid.UUID, datetime], Collection[Done]]


@dataclass(frozen=True)
class Notice:
    """How a kind of notice is answered: `card_of(subject_id)` is the card it is about, `account_of(subject_id)` the
    account, and `undo(subject_id, at)` stops the change that it told, beside what is stopped anyhow."""

    card_of: SubjectOf | None = None
    undo: Undo | None = None
    account_of: SubjectOf | None = None


_notices: dict[str, Notice] = {}


def register(kind: str, notice: Notice) -> None:
    """Let notices of this kind be answered by "it was not me". Call it in `AppConfig.ready`."""
    _notices.setdefault(kind, notice)


def notice_of(kind: str) -> Notice | None:
    """How this kind is answered; None where it is no notice."""
    return _notices.get(kind)


def link_of(message: Message, programme: Programme | None = None) -> str:
    """The address to put into this message; the programme's own host, if it has one."""
    return f"{site_of(programme)}/not-me/{token_of(message.pk)}/"


def site_of(programme: Programme | None) -> str:
    """Where the pages of a programme are: at its own host, if it has one; without a slash at the end."""
    scheme = settings.PORTAL_URL.partition("://")[0]
    host = programme and programme.host_name
    return f"{scheme}://{host}" if host else settings.PORTAL_URL.rstrip("/")


def start_of(programme: Programme | None) -> str:
    """The address of a programme's start page, with a slash at the end: its own host, else its part of the path. Of
    none, the portal's."""
    part = f"{programme.code}/" if programme and not programme.host_name else ""
    return f"{site_of(programme)}/{part}"


def token_of(message_id: uuid.UUID) -> str:
    """What nobody can guess who has not read the message: 128 bits of HMAC."""
    keys = ring("CODE_KEYS")
    return _text(message_id.bytes + _mac(message_id, keys.newest_id))


def message_of(token: str, at: datetime) -> Message | None:
    """The notice that this token was put into, while it may still be answered."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (ValueError, binascii.Error):
        return None
    if len(raw) != 16 + MAC_BYTES or _text(raw) != token:
        return None
    message_id = uuid.UUID(bytes=raw[:16])
    if not any(hmac.compare_digest(_mac(message_id, key_id), raw[16:]) for key_id in ring("CODE_KEYS")):
        return None
    message = Message.objects.filter(pk=message_id, created_at__gt=at - LINK_LIFE).first()
    return message if message is not None and message.kind in _notices else None


def _mac(message_id: uuid.UUID, key_id: str) -> bytes:
    return hmac.digest(ring("CODE_KEYS").derived(key_id, SUBKEY), message_id.bytes, "sha256")[:MAC_BYTES]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

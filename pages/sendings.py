"""What became of messages, told to the person they are for: in words, masked, in the zone of the page.

Only for pages that know who reads them: an attempt's, a signed-in person's, or after two codes that only the holder
has. A page that must not tell who exists must not tell what was sent either.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from messaging.models import Message
from pages.markup import spoken_mask
from pages.times import clock


class Fate(StrEnum):
    """What became of one message."""

    WAITING = "waiting"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"


WORDS: dict[Fate, Any] = {
    Fate.WAITING: _("We are sending a message to %(contact)s."),
    Fate.SENT: _("Sent to %(contact)s at %(time)s."),
    Fate.DELIVERED: _("Delivered to %(contact)s at %(time)s."),
    Fate.UNDELIVERED: _("Sent to %(contact)s at %(time)s; not delivered."),
    Fate.FAILED: _("We could not send a message to %(contact)s."),
}
WORDS_AS_WELL: dict[Fate, Any] = {
    Fate.WAITING: _("We are sending it to %(contact)s as well."),
    Fate.SENT: _("We sent it to %(contact)s at %(time)s as well."),
    Fate.DELIVERED: _("We sent it to %(contact)s as well; delivered at %(time)s."),
    Fate.UNDELIVERED: _("We sent it to %(contact)s at %(time)s as well; not delivered."),
    Fate.FAILED: _("We could not send it to %(contact)s."),
}
WORDS_OF_A_CALL: dict[Fate, Any] = {
    Fate.WAITING: _("We are calling %(contact)s."),
    Fate.SENT: _("We called %(contact)s at %(time)s."),
    Fate.DELIVERED: _("We called %(contact)s at %(time)s."),
    Fate.UNDELIVERED: _("We called %(contact)s at %(time)s; nobody answered."),
    Fate.FAILED: _("We could not call %(contact)s."),
}


@dataclass(frozen=True)
class Sending:
    """One message: to which masked contact, its fate, and the moment of that. `as_well`: it stands in for another."""

    to: str
    fate: Fate
    at: datetime
    as_well: bool = False
    by_call: bool = False

    def __str__(self) -> SafeString:
        words = (WORDS_OF_A_CALL if self.by_call else WORDS_AS_WELL if self.as_well else WORDS)[self.fate]
        return SafeString(escape(words) % {"contact": spoken_mask(self.to), "time": escape(clock(self.at))})


def sendings_of(subject_id: UUID, *, kind: str) -> list[Sending]:
    """The newest message about the subject to each contact, each followed by what stands in for it."""
    messages = list(Message.objects.filter(subject_id=subject_id, kind=kind).order_by("pk"))
    newest = {(one.channel, one.contact_index): one for one in messages if one.in_place_of is None}
    following = {one.in_place_of: one for one in messages if one.in_place_of is not None}
    told: list[Sending] = []
    for first in newest.values():
        message: Message | None = first
        while message is not None:
            told += _told(message)
            message = following.get(message.pk)
    return told


def has_left(sendings: Collection[Sending]) -> bool:
    """Whether there is more to tell than that all of them are being sent."""
    return any(one.fate != Fate.WAITING for one in sendings)


def went_astray(sendings: Collection[Sending]) -> bool:
    """Whether there is more to tell than that everything goes its way."""
    return any(one.as_well or one.fate in (Fate.UNDELIVERED, Fate.FAILED) for one in sendings)


def _told(message: Message) -> list[Sending]:
    """Nothing of one that nobody wanted any more, because then its subject has ended."""
    if message.dropped_at:
        return []
    fate, at = _fate(message)
    voice = message.channel == Message.Channel.VOICE
    return [Sending(message.to_masked, fate, at, as_well=message.in_place_of is not None, by_call=voice)]


def _fate(message: Message) -> tuple[Fate, datetime]:
    if message.delivered_at:
        return Fate.DELIVERED, message.delivered_at
    if message.sent_at:
        return Fate.UNDELIVERED if message.undelivered_at else Fate.SENT, message.sent_at
    return (Fate.FAILED, message.dead_at) if message.dead_at else (Fate.WAITING, message.created_at)

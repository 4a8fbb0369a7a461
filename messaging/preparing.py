"""From messages to parcels, many at a time, as of now."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone, translation

from messaging.answers import Later, Refused
from messaging.budgets import Allowance
from messaging.gateways.gateway import Mail, Sms
from messaging.kinds import Envelope, Kind, kind_named
from messaging.mistakes import place_of
from messaging.models import Message
from messaging.rendering import render

AHEAD = 50
FRESH_SECONDS = 2.0  # what was prepared longer ago is prepared again: its code may have died


class CannotBePrepared(Exception):
    """A mistake of ours or of the database's: the next version or the next minute may know better.

    `place` is where it was made.
    """

    def __init__(self, error: Exception) -> None:
        super().__init__(f"cannot be prepared: {type(error).__name__}")
        self.place = place_of(error)


Prepared = Sms | Mail | CannotBePrepared | Refused | Later | None


class Preparation:
    """Parcels that are made a little ahead of their sending, so that a batch's subjects are looked up together, and
    its budgets asked together. What they do not allow is an answer instead of a parcel."""

    def __init__(self, allowance: Allowance) -> None:
        self.allowance = allowance
        self.ready: dict[UUID, Prepared] = {}
        self.until = 0.0

    def of(self, messages: Sequence[Message], ahead: Sequence[Message]) -> list[Prepared]:
        """The parcels of these messages; None for one that is no longer wanted. Those `ahead` come next."""
        if time.monotonic() > self.until or any(message.pk not in self.ready for message in messages):
            self.until = time.monotonic() + FRESH_SECONDS
            together = [*messages, *ahead]
            self.ready = prepare(together)
            counted = [(one, parcel.to) for one in together if isinstance(parcel := self.ready[one.pk], Sms)]
            self.ready |= self.allowance.turn_away(counted) if counted else {}
        return [self.ready.pop(message.pk) for message in messages]


def prepare(messages: Sequence[Message]) -> dict[UUID, Prepared]:
    """The parcels of these messages by their ids: None where one is too late or no longer wanted."""
    now = timezone.now()
    ready: dict[UUID, Prepared] = {}
    alike: defaultdict[tuple[str, str], list[Message]] = defaultdict(list)
    for message in messages:
        if now >= message.deadline:
            ready[message.pk] = None
        else:
            alike[message.kind, message.language].append(message)
    for (kind, language), group in alike.items():
        with translation.override(language):
            ready |= _prepare_alike(kind_named(kind), group)
    return ready


def _prepare_alike(kind: Kind | None, messages: Sequence[Message]) -> dict[UUID, Prepared]:
    if kind is None:
        return {message.pk: CannotBePrepared(LookupError(message.kind)) for message in messages}
    envelopes = _build_all(kind, messages)
    return {message.pk: _prepare_one(kind, message, envelopes) for message in messages}


def _build_all(kind: Kind, messages: Sequence[Message]) -> Mapping[UUID, Envelope] | None:
    """Envelopes of those that are still wanted; None when they have to be built one by one, to find the broken one."""
    if kind.build_all is None or len(messages) == 1:
        return None
    try:
        return kind.build_all(messages)
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        return None


def _prepare_one(kind: Kind, message: Message, envelopes: Mapping[UUID, Envelope] | None) -> Prepared:
    try:
        envelope = kind.build(message) if envelopes is None else envelopes.get(message.pk)
        return None if envelope is None else render(message, envelope)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        return CannotBePrepared(error)

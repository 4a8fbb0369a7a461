"""Asking gateways what became of messages, where no receipt comes: soon, then less and less often, for a day."""

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from celery.exceptions import SoftTimeLimitExceeded
from django.db.models import Case, DateTimeField, Value, When
from django.utils import timezone, translation

from messaging import outcomes, silence
from messaging.gateways.chosen import GatewayNotKnown, gateway_named
from messaging.gateways.gateway import CannotBeAsked, Gateway, GatewayRefused, GatewayUnavailable
from messaging.kinds import kind_named
from messaging.mistakes import place_of
from messaging.models import Message
from messaging.silence import SILENCE
from messaging.tallies import TallySheet

logger = logging.getLogger(__name__)

FIRST = timedelta(minutes=2)
"""A receipt has come by then, if one comes; of a code's ten minutes enough are left for another way."""
POLLED_FOR = timedelta(days=1)
LIMIT = 200


def first_poll(gateway: Gateway[object], sent_at: datetime) -> datetime | None:
    """When to ask this gateway for the first time; None when it cannot be asked."""
    return sent_at + FIRST if gateway.can_be_asked else None


def poll_due(*, seconds: float) -> bool:
    """Ask about due messages, the urgent ones first, for about this many seconds; True when more may be due."""
    end = time.monotonic() + seconds
    more = False
    for urgent in (True, False):
        due = list(Message.objects.to_poll(timezone.now(), urgent=urgent).order_by("next_poll_at")[:LIMIT])
        due.sort(key=lambda message: message.gateway)
        for name, messages in groupby(due, key=lambda message: message.gateway):
            if not _poll(name, list(messages), end=end):
                return True
        more = more or len(due) == LIMIT
    return more


def _poll(name: str, messages: Sequence[Message], *, end: float) -> bool:
    """Ask one gateway about its messages; False when the time is up. A gateway that is away is asked next time."""
    if silence.is_on(name):
        _pass_over(messages)
        return True
    sheet = TallySheet()
    try:
        with gateway_named(name) as gateway:
            for message in messages:
                if time.monotonic() >= end:
                    return False
                if _claim(message):
                    _ask(gateway, message, sheet)
    except GatewayNotKnown:  # it was taken out of the settings
        Message.objects.filter(gateway=name, next_poll_at__isnull=False).update(next_poll_at=None)
    except CannotBeAsked as failure:
        silence.begin(name)
        logger.warning("gateway %s is not asked about messages for an hour: %s", name, failure)
    except GatewayUnavailable as failure:
        logger.warning("gateway %s cannot be asked about messages: %s", name, failure)
    finally:
        sheet.add()
    return True


def _claim(message: Message) -> bool:
    """Take a message by moving its next poll on: whoever does so asks, and if they die, the next poll comes anyway."""
    now = timezone.now()
    age = now - (message.sent_at or message.created_at)
    following = now + max(age, FIRST) if age < POLLED_FOR else None
    same = Message.objects.filter(pk=message.pk, next_poll_at=message.next_poll_at)
    return same.update(next_poll_at=following) == 1


def _pass_over(messages: Sequence[Message]) -> None:
    """Move their next poll on without asking; those that have been polled for a day are not polled any more."""
    now = timezone.now()
    young = When(sent_at__gt=now - POLLED_FOR, then=Value(now + SILENCE))
    these = Message.objects.filter(pk__in=[message.pk for message in messages], next_poll_at__lte=now)
    these.update(next_poll_at=Case(young, default=None, output_field=DateTimeField()))


def _ask(gateway: Gateway[object], message: Message, sheet: TallySheet) -> None:
    """Ask outside any transaction, and mark what was said. Raises GatewayUnavailable."""
    try:
        number = _number_of(message)
        outcome = gateway.look_up(message.provider_id, number, message.sent_at or message.created_at)
        if number:  # without one, some are not asked at all
            silence.heard(message.gateway, known=outcome is not None)
        if outcome is not None:
            told = {"gateway": message.gateway, "provider_id": message.provider_id}
            outcomes.mark(message, outcome, **told, sheet=sheet)
    except (GatewayUnavailable, SoftTimeLimitExceeded):
        raise
    except GatewayRefused:
        Message.objects.filter(pk=message.pk).update(next_poll_at=None)
    except Exception as error:
        logger.error("asking about message %s: %s", message.pk, place_of(error))


def _number_of(message: Message) -> str:
    """The number it went to; empty when its kind has nothing to say any more, and so knows no number either."""
    kind = kind_named(message.kind)
    with translation.override(message.language):
        envelope = kind.build(message) if kind else None
    return envelope.to if envelope else ""

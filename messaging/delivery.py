"""Sending what is due: claim, hand over outside any lock, mark right after each answer, give back what is left."""

import logging
import math
import time
from datetime import timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from messaging.answers import Answer, Failed, Later, Refused, Taken
from messaging.batches import Batch
from messaging.budgets import Allowance
from messaging.gateways.chosen import GatewayNotKnown
from messaging.leases import claim_rows, due
from messaging.models import Message, MessageQuerySet
from messaging.preparing import AHEAD, CannotBePrepared, Preparation, Prepared
from messaging.switchboard import Post, Switchboard
from messaging.tallies import TallySheet
from vault.sweeping import update_in_steps

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
LIMIT = {True: 50, False: 500}  # few urgent ones a claim, so that several workers share a rush
MAX_TRIES = 60  # about fifteen hours of back-off


def deliver_due(channel: str, *, urgent: bool, seconds: float, answered_by: float = math.inf) -> bool:
    """Send the due messages of a channel for at most about this many seconds; True when more are due now.

    No call begins that may not have been answered when the monotonic clock says `answered_by`.
    """
    waiting = Message.objects.waiting().filter(channel=channel, urgent=urgent)
    try:
        opened = Switchboard(channel, urgent=urgent, answered_by=answered_by)
    except GatewayNotKnown as mistake:  # it was taken out of the settings while messages waited for it
        logger.error("messages by %s wait: %s", channel, mistake)
        drop_late(waiting)
        return False
    with opened as switchboard:
        end = min(time.monotonic() + seconds, answered_by - switchboard.longest)
        while time.monotonic() < end:
            if not wait_for(switchboard, end=end):
                return False
            now = timezone.now()
            limit = min(switchboard.most() or LIMIT[urgent], LIMIT[urgent])
            messages = claim_rows(waiting, limit=limit, lease=LEASE, at=now)
            if not messages:
                return False
            batch = Batch(messages, until=now + LEASE, lease=LEASE, margin=switchboard.longest)
            deliver(batch, switchboard, end=end)
    return True


def drop_late(waiting: MessageQuerySet) -> None:
    """Drop those whose deadline is over, where there is no gateway whose batches would."""
    now, sheet = timezone.now(), TallySheet()
    late = waiting.filter(due(now), deadline__lte=now).order_by("next_try_at")
    sheet.outcome("", "dropped", update_in_steps(late, {"dropped_at": now}))
    sheet.add()


def wait_for(switchboard: Switchboard, *, end: float) -> bool:
    """Sleep until a gateway is free; False when all rest, or none is free before the monotonic clock says `end`."""
    until = switchboard.closed_until()
    if until is None:
        return True
    if switchboard.rests():
        return False
    pause = (until - timezone.now()).total_seconds()
    if time.monotonic() + pause >= end:
        return False
    time.sleep(max(pause, 0))
    return True


def deliver(batch: Batch, switchboard: Switchboard, *, end: float) -> None:
    """Send the messages of a batch until no gateway may be called, or the monotonic clock says `end`.

    Whatever is left then is given back to be claimed again, its try not counted; so it is when we are told to stop.
    """
    try:
        with Allowance() as allowance:
            _deliver(batch, switchboard, allowance, end=end)
    except SoftTimeLimitExceeded:
        batch.give_back(until=timezone.now())
        raise
    finally:
        for sheet in (batch.sheet, switchboard.sheet):
            sheet.add()


def _deliver(batch: Batch, switchboard: Switchboard, allowance: Allowance, *, end: float) -> None:
    preparation = Preparation(allowance)
    while messages := batch.take(switchboard.at_once):
        posts = _posts(batch, messages, preparation.of(messages, batch.ahead(AHEAD)))
        for answers in switchboard.hand_over(posts):
            record(batch, answers)
            allowance.settle(answers)
        if closed_until := switchboard.closed_until():
            batch.give_back(until=closed_until)
        elif time.monotonic() >= end:
            batch.give_back(until=timezone.now())
    batch.settle()


def _posts(batch: Batch, messages: list[Message], prepared: list[Prepared]) -> list[Post]:
    """What can be handed over; the others are marked."""
    posts = []
    now = timezone.now()
    for message, parcel in zip(messages, prepared, strict=True):
        if isinstance(parcel, CannotBePrepared):
            _log(logging.ERROR, message, f"{parcel} ({parcel.place})")
            batch.try_later(message, str(parcel), last=message.tries >= MAX_TRIES)
        elif parcel is None or now >= message.deadline:
            batch.drop(message)
        elif isinstance(parcel, Refused | Later):
            record(batch, [(message, parcel)])
        else:
            posts.append(Post(message, parcel))
    return posts


def record(batch: Batch, answers: list[tuple[Message, Answer]]) -> None:
    """Write down what one call has come to."""
    batch.mark_sent([(message, answer) for message, answer in answers if isinstance(answer, Taken)])
    for message, answer in answers:
        match answer:
            case Refused(gateway, reason):
                _log(logging.WARNING, message, reason)
                batch.end(message, gateway, reason)
            case Failed(gateway, reason):
                _log(logging.WARNING, message, reason)
                batch.try_later(message, reason, last=message.tries >= MAX_TRIES, gateway=gateway)
            case Later(until, reason):
                batch.postpone(message, until, reason)


def _log(level: int, message: Message, what: str) -> None:
    logger.log(level, "message %s (%s, %s, try %d) %s", message.pk, message.kind, message.channel, message.tries, what)

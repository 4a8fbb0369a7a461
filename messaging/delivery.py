"""Sending a batch: claim, send outside any lock, mark each right after its answer, give back what is left."""

import logging
import time
from datetime import timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone, translation

from messaging.batches import Batch
from messaging.gateways.chosen import gateway_for
from messaging.gateways.gateway import Gateway, GatewayRefused, GatewayUnavailable, Mail, Sms
from messaging.kinds import kind_named
from messaging.leases import claim
from messaging.models import Message
from messaging.rendering import render

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
LIMIT = {True: 50, False: 500}  # few urgent ones a claim, so that several workers share a rush
MAX_TRIES = 60  # about fifteen hours of back-off
FAILURES_IN_A_ROW = 3  # then the gateway is down, and trying the rest of the batch would only hold it


class NoLongerWanted(Exception):
    """The message has nothing to say any more."""


def deliver_due(channel: str, *, urgent: bool, seconds: float) -> bool:
    """Send the due messages of a channel for at most about this many seconds; True when more are due now."""
    end = time.monotonic() + seconds
    waiting = Message.objects.waiting().filter(channel=channel, urgent=urgent)
    with gateway_for(channel) as gateway:
        while time.monotonic() < end:
            now = timezone.now()
            ids = claim(waiting, limit=LIMIT[urgent], lease=LEASE, at=now)
            if not ids:
                return False
            if not deliver(Batch(ids, until=now + LEASE, lease=LEASE, margin=gateway.longest), gateway, end=end):
                return False
    return True


def deliver(batch: Batch, gateway: Gateway[Any], *, end: float) -> bool:
    """Send the messages of a batch until the monotonic clock says `end`; False when the gateway is down.

    Whatever is left then is given back to be claimed again, its try not counted.
    """
    in_a_row = 0
    for message in batch:
        in_a_row = 0 if deliver_one(batch, message, gateway) else in_a_row + 1
        if in_a_row == FAILURES_IN_A_ROW:
            batch.give_back(after=timedelta(seconds=5))
            return False
        if time.monotonic() >= end:
            batch.give_back(after=timedelta())
    return True


def deliver_one(batch: Batch, message: Message, gateway: Gateway[Any]) -> bool:
    """Send one message and mark it; False when the gateway did not serve us."""
    try:
        parcel = prepare(message)
        if parcel is None:
            batch.drop(message)
            return True
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        # A mistake of ours or of the database's: the next version or the next minute may know better.
        _log(logging.ERROR, message, f"cannot be prepared: {_where(error)}")
        batch.try_later(message, f"cannot be prepared: {type(error).__name__}", last=message.tries >= MAX_TRIES)
        return True
    try:
        provider_id = gateway.send(parcel)
    except SoftTimeLimitExceeded:
        raise
    except GatewayRefused as refusal:
        _log(logging.WARNING, message, f"refused: {refusal}")
        batch.end(message, gateway.name, f"refused: {refusal}")
        return True
    except Exception as error:
        reason = str(error) if isinstance(error, GatewayUnavailable) else f"broken gateway: {type(error).__name__}"
        _log(logging.WARNING, message, reason if isinstance(error, GatewayUnavailable) else _where(error))
        batch.try_later(message, reason, last=message.tries >= MAX_TRIES, gateway=gateway.name)
        return False
    batch.mark_sent(message, gateway.name, provider_id)
    return True


def prepare(message: Message) -> Sms | Mail | None:
    """The words of a message as of now, or None when it is too late or no longer wanted. Raises LookupError."""
    kind = kind_named(message.kind)
    if kind is None:
        raise LookupError(message.kind)
    if timezone.now() >= message.deadline:
        return None
    with translation.override(message.language):
        envelope = kind.build(message)
    return None if envelope is None else render(message, envelope)


def _log(level: int, message: Message, what: str) -> None:
    logger.log(level, "message %s (%s, %s, try %d) %s", message.pk, message.kind, message.channel, message.tries, what)


def _where(error: BaseException) -> str:
    """The kind and the place of a mistake, without its text, which may quote what we must not write down."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {place}"

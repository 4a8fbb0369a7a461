"""Reminding the holders of unused codes, each reminder once, however many workers do it and however long none did.

`ActivationCode.remind_at` says when to look at a code next. Looking moves it on in the transaction that writes the
reminder, under the row's lock; the idempotency key, which names code and reminder, stands behind that.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.contacts import mask
from activation.models import ActivationCode
from activation.reminder_times import TIME_TO_ACT, is_quiet, quiet_begins, quiet_ends, reminders_of
from cards.dimensions import Channel, State
from cards.models.card import Contact
from messaging.models import Message

KIND = "activation_reminder"
BATCH = 500
BATCHES_AT_ONCE = 20


def remind(at: datetime) -> int:
    """Write the reminders that are due; how many codes were looked at. What is left comes with the next call."""
    looked_at = 0
    for _batch in range(BATCHES_AT_ONCE):
        many = _look_at_batch(at)
        looked_at += many
        if many < BATCH:
            break
    return looked_at


def _look_at_batch(at: datetime) -> int:
    with transaction.atomic():
        due = ActivationCode.objects.unfinished().filter(remind_at__lte=at).order_by("remind_at")
        locked = due.select_for_update(of=("self",), skip_locked=True).select_related("card__programme")
        codes = list(locked[:BATCH])
        ways = _Ways([code.pk for code in codes])
        reminders = [reminder for code in codes if (reminder := _look_at(code, ways, at))]
        Message.objects.bulk_create(reminders, ignore_conflicts=True)
        ActivationCode.objects.bulk_update(codes, ["remind_at"])
    return len(codes)


def _look_at(code: ActivationCode, ways: _Ways, at: datetime) -> Message | None:
    """The reminder to send now, if any; `remind_at` becomes the moment to look again, or None for never."""
    card, zone = code.card, code.card.programme.zone
    reminders = reminders_of(code.issued_at, code.expires_at)
    code.remind_at = next((reminder.at for reminder in reminders if reminder.at > at), None)
    if card.state != State.PENDING_ACTIVATION or card.record_version != code.card_version:
        return None
    if code.reserved_until and code.reserved_until > at:
        code.remind_at = code.reserved_until  # somebody is using it; perhaps they give up
        return None
    if at + TIME_TO_ACT > code.expires_at or not card.programme.is_open(at):
        return None
    if is_quiet(at, zone):
        code.remind_at = quiet_ends(at, zone)
        return None
    due = next((reminder for reminder in reversed(reminders) if reminder.at <= at), None)
    contact = ways.of(code)
    if due is None or contact is None:
        return None
    return Message(
        kind=KIND,
        channel=contact.channel,
        urgent=False,
        subject_id=code.pk,
        programme_code=card.programme.code,
        contact_index=contact.index,
        to_masked=mask(contact.address),
        language=card.language,
        idempotency_key=f"{KIND}:{code.pk}:{due.name}",
        deadline=min(code.expires_at, quiet_begins(at, zone)),
    )


class _Ways:
    """By which contact to remind: by email, which costs nothing, unless the code's own email did not arrive."""

    def __init__(self, codes: Collection[UUID]) -> None:
        carrying = Message.objects.filter(kind="activation_code", subject_id__in=codes)
        failed = carrying.filter(Q(undelivered_at__isnull=False) | Q(dead_at__isnull=False))
        self.failed = set(failed.values_list("subject_id", flat=True))
        self.sent = set(carrying.filter(sent_at__isnull=False).values_list("subject_id", flat=True))

    def of(self, code: ActivationCode) -> Contact | None:
        if code.channel == Channel.LETTER and code.pk not in self.sent:
            return None  # nobody can have a letter that was not printed
        contacts = {contact.channel: contact for contact in code.card.registered_contacts()}
        first, second = (Channel.SMS, Channel.EMAIL) if code.pk in self.failed else (Channel.EMAIL, Channel.SMS)
        return contacts.get(first) or contacts.get(second)

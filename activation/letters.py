"""Letters that carry an activation code: which wait to be printed, what is printed, and which come too late."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from activation.models import ActivationCode
from cards.dimensions import Channel
from cards.one_time_codes import group
from messaging.models import Message, MessageQuerySet
from pages.times import day

KIND = "activation_code"
PRINT = "print"
"""What stands for a gateway on the messages of letters; the provider's id is the digest of the print file."""
COLUMNS = ("card_number", "holder_name", "language", "code", "valid_until", "programme")
NOT_PRINTED = gettext_noop("not printed in time")
CHUNK = 1000


def waiting_letters(at: datetime) -> MessageQuerySet:
    """Letters that are to be printed still, and in time."""
    return Message.objects.waiting().filter(channel=Channel.LETTER, kind=KIND, deadline__gt=at)


class PrintFile:
    """The rows of a print file, in memory. `letters` are the ids of the messages in it; `unwanted` are no more."""

    def __init__(self) -> None:
        self.letters: list[UUID] = []
        self.unwanted: list[UUID] = []
        self._text = io.StringIO(newline="")
        self._rows = csv.writer(self._text)
        self._rows.writerow(COLUMNS)

    def add(self, letters: Sequence[Message], at: datetime) -> None:
        """Add the rows of these messages; those whose code has died meanwhile are `unwanted`."""
        codes = ActivationCode.objects.live(at).filter(pk__in=[letter.subject_id for letter in letters])
        live = {code.pk: code for code in codes.select_related("card__programme")}
        for letter in letters:
            code = live.get(letter.subject_id)
            if code is None:
                self.unwanted.append(letter.pk)
            else:
                self._rows.writerow(row(code))
                self.letters.append(letter.pk)

    def content(self) -> bytes:
        """CSV (RFC 4180) in UTF-8, the names of the columns first."""
        return self._text.getvalue().encode()


def row(code: ActivationCode) -> tuple[str, ...]:
    """What is printed for one code. Valid until: the last whole day, in the card's language."""
    card, programme = code.card, code.card.programme
    with translation.override(card.language), timezone.override(programme.zone):
        last_day = day(code.expires_at - timedelta(days=1))
        return (card.number, card.holder_name, card.language, group(code.derive()), last_day, programme.name)


def drop_late_letters(at: datetime) -> int:
    """End the letters that were not printed in time, and their codes, so that the cards are told anew; how many."""
    dropped = 0
    while True:
        with transaction.atomic():
            late = Message.objects.waiting().filter(channel=Channel.LETTER, kind=KIND, deadline__lte=at)
            batch = list(late.select_for_update(skip_locked=True).values_list("pk", "subject_id")[:CHUNK])
            Message.objects.filter(pk__in=[pk for pk, _code in batch]).update(dropped_at=at, failure=NOT_PRINTED)
            codes = ActivationCode.objects.filter(pk__in=[code for _pk, code in batch], reserved_until=None)
            codes.revoke(at)
        dropped += len(batch)
        if len(batch) < CHUNK:
            return dropped

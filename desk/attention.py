"""What staff should see first: messages that do not go where they should. A few short looks at small indexes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Case
from messaging.breaker import PAUSE
from messaging.budgets import cause_lasts
from messaging.destinations import known_destinations
from messaging.models import Destination, Message, OperationsNotice
from messaging.notices import Cause, sentence
from pages.times import clock

DEAD_WITHIN = timedelta(days=1)
LETTERS_DUE_WITHIN = timedelta(days=3)
COUNTED = 100
NOTICES = 20


@dataclass(frozen=True)
class Item:
    """A sentence, the list to look at, and the permission that somebody needs who can do something about it.

    One that `explains` why a cardholder got no code is told to everybody; without the address, to who can do nothing.
    """

    text: str
    address: str
    permission: str
    explains: bool = False


def what_needs_attention() -> list[Item]:
    """Everything, the most urgent first."""
    at = timezone.now()
    return [*_cases(), *_stopped(at), *_notices(at), *_dead(at), *_letters(at)]


def for_user(items: list[Item], user: Any) -> list[Item]:
    """What this member of staff can do something about, or should know on the telephone."""
    able = {item.permission: user.has_perm(item.permission) for item in items}
    return [
        item if able[item.permission] else replace(item, address="")
        for item in items
        if able[item.permission] or item.explains
    ]


def _cases() -> Iterator[Item]:
    count = Case.objects.open()[:COUNTED].count()
    if count:
        text = ngettext(
            "%(count)d cardholder says: it was not me. Look into it.",
            "%(count)d cardholders say: it was not me. Look into it.",
            count,
        )
        yield Item(text % {"count": count}, _list_of(Case, state="open"), "accounts.change_case")


def _stopped(at: datetime) -> Iterator[Item]:
    for destination in Destination.objects.filter(tripped_at__isnull=False).order_by("prefix"):
        stopped_at = destination.tripped_at or at
        words = {"prefix": destination.prefix, "at": clock(stopped_at), "until": clock(stopped_at + PAUSE)}
        if at < stopped_at + PAUSE:
            text = _("%(prefix)s: nothing is sent there since %(at)s, because too few codes were used.")
        else:
            text = _("%(prefix)s: few messages are sent there since %(until)s, to see whether their codes are used.")
        yield Item(text % words, _list_of(Destination), "messaging.change_destination", explains=True)


def _notices(at: datetime) -> Iterator[Item]:
    notices = OperationsNotice.objects.current(at).exclude(cause=Cause.TRIPPED)
    current = list(notices.order_by("-told_at")[:NOTICES])
    known = known_destinations() if current else []
    for notice in current:
        if cause_lasts(notice, known):
            yield Item(sentence(notice), _list_of(Destination), "messaging.change_destination", explains=True)


def _dead(at: datetime) -> Iterator[Item]:
    count = Message.objects.filter(dead_at__gt=at - DEAD_WITHIN)[:COUNTED].count()
    if count == COUNTED:
        text = _("%(count)d messages or more have failed for good in the last 24 hours.") % {"count": count}
    else:
        text = ngettext(
            "%(count)d message has failed for good in the last 24 hours.",
            "%(count)d messages have failed for good in the last 24 hours.",
            count,
        ) % {"count": count}
    if count:
        yield Item(text, _list_of(Message, state="dead"), "messaging.change_message")


def _letters(at: datetime) -> Iterator[Item]:
    waiting = Message.objects.waiting().filter(channel=Message.Channel.LETTER, urgent=False)
    first = waiting.filter(next_try_at__lte=at + LETTERS_DUE_WITHIN).order_by("next_try_at").first()
    if first is not None:
        text = _("Letters wait to be printed; the first is dropped at %(at)s.") % {"at": clock(first.deadline)}
        yield Item(text, _list_of(Message, channel=Message.Channel.LETTER), "cards.send_code")


def _list_of(model: type[models.Model], **query: str) -> str:
    if not admin.site.is_registered(model):
        return ""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{address}?{urlencode(query)}" if query else address

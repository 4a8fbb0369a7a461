"""What staff should see first: messages that do not go where they should. A few short looks at small indexes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Case
from messaging.breaker import PAUSE
from messaging.models import Destination, Message, OperationsNotice
from messaging.notices import Cause, sentence
from pages.times import clock

DEAD_WITHIN = timedelta(days=1)
LETTERS_DUE_WITHIN = timedelta(days=3)
COUNTED = 100
NOTICES = 20


@dataclass(frozen=True)
class Item:
    """A sentence, and the address of the list to look at; empty where there is none."""

    text: str
    address: str


def what_needs_attention() -> list[Item]:
    """Everything, the most urgent first."""
    at = timezone.now()
    return [*_cases(), *_stopped(at), *_notices(at), *_dead(at), *_letters(at)]


def _cases() -> Iterator[Item]:
    count = Case.objects.open()[:COUNTED].count()
    if count:
        text = ngettext(
            "%(count)d cardholder says: it was not me. Look into it.",
            "%(count)d cardholders say: it was not me. Look into it.",
            count,
        )
        yield Item(text % {"count": count}, _list_of(Case, state="open"))


def _stopped(at: datetime) -> Iterator[Item]:
    for destination in Destination.objects.filter(tripped_at__isnull=False).order_by("prefix"):
        stopped_at = destination.tripped_at or at
        words = {"prefix": destination.prefix, "at": clock(stopped_at), "until": clock(stopped_at + PAUSE)}
        if at < stopped_at + PAUSE:
            text = _("%(prefix)s: nothing is sent there since %(at)s, because too few codes were used.")
        else:
            text = _("%(prefix)s: few messages are sent there since %(until)s, to see whether their codes are used.")
        yield Item(text % words, _list_of(Destination))


def _notices(at: datetime) -> Iterator[Item]:
    notices = OperationsNotice.objects.current(at).exclude(cause=Cause.TRIPPED)
    for notice in notices.order_by("-told_at")[:NOTICES]:
        yield Item(sentence(notice), _list_of(Destination))


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
        yield Item(text, _list_of(Message, state="dead"))


def _letters(at: datetime) -> Iterator[Item]:
    waiting = Message.objects.waiting().filter(channel=Message.Channel.LETTER, urgent=False)
    first = waiting.filter(next_try_at__lte=at + LETTERS_DUE_WITHIN).order_by("next_try_at").first()
    if first is not None:
        text = _("Letters wait to be printed; the first is dropped at %(at)s.") % {"at": clock(first.deadline)}
        yield Item(text, _list_of(Message, channel=Message.Channel.LETTER))


def _list_of(model: type[models.Model], **query: str) -> str:
    if not admin.site.is_registered(model):
        return ""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{address}?{urlencode(query)}" if query else address

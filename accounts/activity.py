"""What happened to somebody's account and cards, in sentences, newest first.

Every source gives its own, by ids that grow with time; upper rooms register theirs in `AppConfig.ready`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts import account_events, card_sentences
from accounts.binding.notices import helpers_by_account
from accounts.models import AccountEvent, CardBinding
from accounts.signing_in.browsers import browser_told
from cards.dimensions import ActorKind
from cards.models import Card, CardEvent
from cards.models.card_event import EventKind
from pages.markup import digits, with_digits


@dataclass(frozen=True)
class Happening:
    """One sentence and when it came true. `id` is that of its row; `by` says who did it, where it was not oneself."""

    id: UUID
    at: datetime
    words: Any
    card: Card | None = None
    by: Any = ""


Source = Callable[[UUID, UUID | None, int], Sequence[Happening]]
"""Of an account, older than an id if there is one, so many at most, newest first."""

BY: dict[str, Any] = {ActorKind.STAFF: _("by our staff"), ActorKind.ISSUER: _("by the issuer")}
"""Who did what one has not done oneself, by the kind of actor; an event of an account keeps it as the fact `by`."""
AS_TOLD: dict[str, Callable[[str], Any]] = {"browser": browser_told}
"""How a fact is told that is not told as it is kept; every other fact is a number or a mask."""

LEAVING = timedelta(minutes=1)
"""That a card has left is written down a little after it has."""

TOLD_BY_ACCOUNT = (EventKind.HELPER_ADDED, EventKind.HELPER_ENDED)
"""What an event of the holder's account tells as well, and names who, once the card is in the account."""

_sources: list[Source] = []


def register(source: Source) -> None:
    """Have `source` asked for what it knows."""
    if source not in _sources:
        _sources.append(source)


def happenings(user_id: UUID, before: UUID | None, most: int) -> list[Happening]:
    """The newest of an account, or the newest of those older than `before`."""
    found = [source(user_id, before, most) for source in _sources]
    return list(islice(merge(*found, key=lambda one: one.id, reverse=True), most))


def of_account(user_id: UUID, before: UUID | None, most: int) -> list[Happening]:
    """What happened to the account itself."""
    events = _older(AccountEvent.objects.filter(user_id=user_id), before)[:most]
    return [Happening(event.pk, event.at, _told(event), by=BY.get(event.facts.get("by", ""), "")) for event in events]


def of_cards(user_id: UUID, before: UUID | None, most: int) -> list[Happening]:
    """What happened to each card of the account: from its beginning, or from when it left another account, until it
    left this one."""
    wanted = _times_of_own(user_id)
    if not wanted:
        return []
    events = _older(CardEvent.objects.filter(wanted), before).select_related("card__programme")[:most]
    others = {event.card_id for event in events if _is_somebody_else(event, user_id)}
    helpers = helpers_by_account(others) if others else {}
    return [
        Happening(event.pk, event.at, card_sentences.sentence_of(event), event.card, _by(event, helpers))
        for event in events
    ]


def _is_somebody_else(event: CardEvent, user_id: UUID) -> bool:
    """Whether another account did it."""
    return event.actor_kind == ActorKind.CARDHOLDER and event.actor_id not in ("", str(user_id))


def _by(event: CardEvent, helpers: dict[tuple[UUID, str], str]) -> Any:
    helper = helpers.get((event.card_id, event.actor_id))
    if helper:
        return with_digits(_("by %(helper)s, who helps with the card"), helper=helper)
    return BY.get(event.actor_kind, "")


def _times_of_own(user_id: UUID) -> Q:
    own = list(CardBinding.objects.filter(user_id=user_id))
    cards = {binding.card_id for binding in own}
    others = CardBinding.objects.filter(card_id__in=cards, ended_at__isnull=False).exclude(user_id=user_id)
    left = list(others.values_list("card_id", "ended_at"))
    wanted = Q()
    for binding in own:
        span = Q(card_id=binding.card_id)
        earlier = [at for card_id, at in left if card_id == binding.card_id and at and at <= binding.bound_at]
        if earlier:
            span &= Q(at__gt=max(earlier))
        if binding.ended_at:
            leaving = Q(kind=EventKind.UNBOUND, at__lte=binding.ended_at + LEAVING)
            span &= Q(at__lte=binding.ended_at) | leaving
        span &= ~Q(kind__in=TOLD_BY_ACCOUNT, at__gte=binding.bound_at)
        wanted |= span
    return wanted


def _older(rows: Any, before: UUID | None) -> Any:
    return (rows.filter(pk__lt=before) if before else rows).order_by("-pk")


def plain_words_of(event: AccountEvent) -> str:
    """What the event of an account tells, without markup."""
    words = account_events.sentence_of(event.kind) or event.kind
    return str(words) % {
        name: AS_TOLD[name](value) if name in AS_TOLD else value for name, value in event.facts.items()
    }


def _told(event: AccountEvent) -> SafeString:
    words = account_events.sentence_of(event.kind)
    facts = {name: AS_TOLD[name](value) if name in AS_TOLD else digits(value) for name, value in event.facts.items()}
    return SafeString(escape(words) % {name: conditional_escape(value) for name, value in facts.items()})

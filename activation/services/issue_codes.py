"""Telling the holders of waiting cards, in batches that may be interrupted and run again."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Generator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.contacts import mask
from activation.models import ActivationAttempt, ActivationCode, Invitation
from cards.dimensions import Via
from cards.events import Actor, record_events
from cards.models import Card, Programme
from cards.models.card_event import EventKind
from messaging.budgets import country_of, is_allowed
from messaging.destinations import destination_of, known_destinations
from messaging.models import Message

BATCH = 500
INVITATION_WORTH = timedelta(days=7)
_INDEX = {"sms": "phone_index", "email": "email_index", "letter": "number_index"}
"""What a card must have to be told of by a channel. A letter needs no contact: the print shop knows the address."""
BY_COMMAND = Actor.issuer("issue_codes")
"""Who has them issued: whoever runs the command does it for the issuer, as with an import."""


class Told(NamedTuple):
    """What a committed batch came to: how many holders it told, and how many it did not by their country's prefix,
    because nothing is sent there."""

    told: int
    barred: Counter[str]


def cards_to_tell(*, programme: Programme, channel: str, at: datetime) -> QuerySet[Card]:
    """Waiting cards whose holders hold no live code, are in no journey and were not invited yet; for a text message
    or an email those with such a contact, for a letter all, because the print shop knows where they live."""
    index = _INDEX[channel]
    waiting = _outside_journeys(programme, at).filter(**{f"{index}__isnull": False})
    told = (
        Invitation.objects.filter(card=OuterRef("pk"), contact_index=OuterRef(index))
        if channel == "sms"
        else ActivationCode.objects.live(at).filter(card=OuterRef("pk"))
    )
    return waiting.exclude(Exists(told))


def cards_without_contact(*, programme: Programme, channel: str, at: datetime) -> QuerySet[Card]:
    """Waiting cards whose holders hold no live code and cannot be told this way: there is no such contact."""
    codes = ActivationCode.objects.live(at).filter(card=OuterRef("pk"))
    return _outside_journeys(programme, at).filter(**{f"{_INDEX[channel]}__isnull": True}).exclude(Exists(codes))


def _outside_journeys(programme: Programme, at: datetime) -> QuerySet[Card]:
    in_journey = ActivationAttempt.objects.open(at).filter(card=OuterRef("pk"))
    return Card.objects.waiting().filter(programme=programme).exclude(Exists(in_journey))


def issue_codes(*, programme: Programme, channel: str, limit: int | None = None) -> Generator[Told, None, None]:
    """Tell up to `limit` holders; yields what each committed batch came to.

    By email and by letter goes a code of 12 digits; a letter waits for `export_letters`. By SMS goes an invitation,
    because a code that lives ten minutes is sent when the person asks for it. A code is an event of its card, an
    invitation none. Interrupted and run again, nobody is told twice; whose country was barred is told by a run after
    it was allowed.
    """
    left = limit
    last: Card | None = None
    while left is None or left > 0:
        size = BATCH if left is None else min(BATCH, left)
        batch, last = _tell_batch(programme, channel, size, last)
        if last is None:
            return
        yield batch
        left = None if left is None else left - batch.told


def _tell_batch(programme: Programme, channel: str, size: int, last: Card | None) -> tuple[Told, Card | None]:
    """Tell the holders of the next cards; gives what that came to, and the last of the cards if there was any."""
    at = timezone.now()
    with transaction.atomic():
        waiting = cards_to_tell(programme=programme, channel=channel, at=at).order_by("pk")
        if last is not None:
            waiting = waiting.filter(pk__gt=last.pk)
        cards = list(waiting.select_related("programme").select_for_update(of=("self",), skip_locked=True)[:size])
        barred = _barred(cards) if channel == "sms" else {}
        reached = [card for card in cards if card.pk not in barred]
        messages = _invite(reached, at) if channel == "sms" else _send_codes(programme, reached, channel, at)
        Message.objects.bulk_create(messages, ignore_conflicts=True)
    return Told(len(reached), Counter(barred.values())), cards[-1] if cards else None


def _barred(cards: list[Card]) -> dict[uuid.UUID, str]:
    """The cards whose phone is where nothing is sent, with its country; the destinations are looked up once."""
    known = known_destinations()
    places = ((card, destination_of(card.phone, known)) for card in cards)
    return {card.pk: country_of(mask(card.phone)) for card, place in places if place is None or not is_allowed(place)}


def _invite(cards: list[Card], at: datetime) -> list[Message]:
    invitations = [
        Invitation(card=card, contact_index=card.phone_index, invited_at=at) for card in cards if card.phone_index
    ]
    Invitation.objects.bulk_create(invitations, ignore_conflicts=True)
    return [_message(card, "activation_invitation", "sms", card.pk, at + INVITATION_WORTH) for card in cards]


def _send_codes(programme: Programme, cards: list[Card], channel: str, at: datetime) -> list[Message]:
    ActivationCode.objects.filter(card__in=cards).supersede(at)
    rule = programme.code_rule(channel)
    codes = [
        ActivationCode.draw(
            rule=rule,
            channel=channel,
            at=at,
            card=card,
            card_version=card.record_version,
            contact_index=card.email_index if channel == "email" else None,
        )
        for card in cards
    ]
    ActivationCode.objects.bulk_create(codes)
    record_events(
        card_ids=[card.pk for card in cards], kind=EventKind.CODE_ISSUED, actor=BY_COMMAND, channel=Via.SYSTEM
    )
    # A letter must be printed while at least half of its code's life is left to post it and to use it.
    worth = rule.lifetime / 2 if channel == "letter" else rule.lifetime
    return [_message(code.card, "activation_code", channel, code.pk, at + worth) for code in codes]


def _message(card: Card, kind: str, channel: str, subject_id: uuid.UUID, deadline: datetime) -> Message:
    found = (contact for contact in card.registered_contacts() if contact.channel == channel)
    contact = next(found, None)  # none for a letter: it goes to the card's holder, whom its number names
    return Message(
        kind=kind,
        channel=channel,
        urgent=False,
        subject_id=subject_id,
        programme_code=card.programme.code,
        contact_index=contact.index if contact else card.number_index or card.pk,
        to_masked=mask(contact.address) if contact else f"**** {card.number_tail}",
        language=card.language,
        idempotency_key=f"{kind}:{subject_id}:{card.record_version}",
        deadline=deadline,
        next_try_at=deadline if channel == "letter" else timezone.now(),  # no gateway sends it
    )

"""Which card a message is about, and which messages are about a card. A message names only its subject: a row of any
table, found here by its identifier."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from accounts.models import BindingCode, CardBinding, CardHelper, LossCode, LossReport, PinReset, PinResetCode
from activation.models import ActivationAttempt, ActivationCode, ContactCode
from cards.models import Card, CardEvent
from cards.models.card_event import EventKind
from messaging.models import Message
from statements.models import Alert

CARD_OF: tuple[tuple[Any, str], ...] = (
    (Card, "pk"),
    *((model, "card_id") for model in (ActivationCode, ActivationAttempt, CardEvent)),
    (ContactCode, "attempt__card_id"),
    *((model, "card_id") for model in (LossReport, LossCode, PinReset, PinResetCode)),
    *((model, "card_id") for model in (CardBinding, CardHelper, BindingCode)),
    (Alert, "transaction__card_id"),
)
"""Every table whose rows have messages about a card, and the way from a row to that card."""


UNBOUNDED = (Alert, CardEvent)
"""Of these a card may have thousands; their messages are in the list of messages only, but for those of a lock."""


def subjects_of(card: Card) -> set[UUID]:
    """What the messages of a card's own page are about; one query."""
    first, *others = (
        model.objects.filter(**{path: card.pk}).order_by().values_list("pk")
        for model, path in CARD_OF
        if model not in UNBOUNDED
    )
    locks = CardEvent.objects.filter(card=card, kind=EventKind.PIN_LOCKED).order_by().values_list("pk")
    return {row[0] for row in first.union(*others, locks, all=True)}


def cards_of(messages: Iterable[Message]) -> dict[UUID, Card]:
    """The card of each message that is about one, by the message's subject: two queries, however many there are."""
    subjects = {message.subject_id for message in messages}
    first, *others = (
        model.objects.filter(pk__in=subjects).order_by().values_list("pk", path) for model, path in CARD_OF
    )
    found: dict[UUID, UUID] = dict(first.union(*others, all=True)) if subjects else {}
    cards = Card.objects.in_bulk(set(found.values()))
    return {subject: cards[card] for subject, card in found.items()}

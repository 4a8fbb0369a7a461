"""Sending a card's activation code because staff were asked to."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from accounts.sending_limits import count_send
from activation.issuing import code_is_of_use, issue_activation_code
from activation.refusals import CardTakesNoCode, ContactNotRegistered, ProgrammeClosed, Refusal
from cards.dimensions import Channel, State, Via
from cards.events import Actor, record_event
from cards.models import Card
from cards.models.card_event import EventKind
from cards.moves import OTHER

REASONS = ("not_received", "expired", "requested", OTHER)
"""Why a code is sent by hand; `other` needs a comment."""


def send_code(*, card_id: uuid.UUID, by: Channel, actor: Actor, channel: Via, reason: str, comment: str = "") -> None:
    """Send the card's code to the contact that the issuer registered for the channel `by`: nobody chooses another.

    Counts like a code that the cardholder asks for. Raises SendTooEarly, TooManySends, CardTakesNoCode,
    ProgrammeClosed, ContactNotRegistered.
    """
    with transaction.atomic(durable=True):
        refusal = _send(card_id, by, actor, channel, reason, comment)
        if refusal is not None:
            transaction.set_rollback(True)  # what was refused was not sent, so it counts nowhere
    if refusal is not None:
        raise refusal


def _send(card_id: uuid.UUID, by: Channel, actor: Actor, channel: Via, reason: str, comment: str) -> Refusal | None:
    card = Card.objects.select_related("programme").get(pk=card_id)
    if refusal := count_send(card.number):  # the subject that the cardholder's own requests count for
        return refusal
    card = Card.objects.select_related("programme").select_for_update(of=("self",)).get(pk=card_id)
    if card.state != State.PENDING_ACTIVATION:
        return CardTakesNoCode()
    if not code_is_of_use(card, timezone.now()):
        return ProgrammeClosed(card.programme)
    contact = next((contact for contact in card.registered_contacts() if contact.channel == by), None)
    if contact is None:
        return ContactNotRegistered(by)
    issue_activation_code(card, contact, timezone.now())
    record_event(
        card_id=card_id,
        kind=EventKind.CODE_ISSUED,
        actor=actor,
        channel=channel,
        reason=reason,
        comment=comment,
    )
    return None

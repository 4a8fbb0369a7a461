"""Sending codes: which row, new or the same, and the message that carries it."""

from __future__ import annotations

from datetime import datetime

from accounts.contacts import index_of, mask
from activation.models import ActivationAttempt, ActivationCode, ContactCode
from cards.code_rules import SHORT
from cards.dimensions import State
from cards.models import Card
from cards.models.card import Contact
from messaging.services import queue_message


def issue_activation_code(card: Card, contact: Contact, at: datetime) -> ActivationCode | None:
    """Send the card's current code to a registered contact, or a new one that supersedes it.

    None when the card takes no code, or it would open nothing. Inside the caller's transaction, which holds a lock on
    the card.
    """
    if card.state != State.PENDING_ACTIVATION or not code_is_of_use(card, at):
        return None
    code = ActivationCode.issue(
        rule=card.programme.code_rule(contact.channel),
        channel=contact.channel,
        contact_index=contact.index,
        at=at,
        card=card,
        facts={"card_version": card.record_version},
    )
    queue_message(
        kind="activation_code",
        channel=contact.channel,
        subject_id=code.pk,
        contact_index=contact.index,
        to_masked=mask(contact.address),
        language=card.language,
        deadline=code.expires_at,
        programme_code=card.programme.code,
    )
    return code


def code_is_of_use(card: Card, at: datetime) -> bool:
    """Whether a code sent now would open the journey: in its programme's time, or to go on with what was begun."""
    return card.programme.is_open(at) or ActivationAttempt.objects.open(at).filter(card=card).exists()


def issue_contact_code(attempt: ActivationAttempt, at: datetime) -> ContactCode:
    """Send six digits to the contact the person gave; the same ones in the first half of their life."""
    code = ContactCode.issue(
        rule=SHORT,
        channel=attempt.contact_channel,
        contact_index=attempt.contact_index,
        at=at,
        attempt=attempt,
    )
    queue_message(
        kind="contact_code",
        channel=attempt.contact_channel,
        subject_id=code.pk,
        contact_index=index_of(attempt.contact),
        to_masked=mask(attempt.contact),
        language=attempt.language,
        deadline=code.expires_at,
        programme_code=attempt.card.programme.code,
    )
    return code

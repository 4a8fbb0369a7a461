"""Telling the registered contacts how an activation ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.contacts import mask
from activation.models import ActivationAttempt
from messaging.services import queue_message

NOTICE_WORTH = timedelta(days=3)


def tell_registered_contacts(attempt: ActivationAttempt, kind: str, at: datetime) -> None:
    """One message of `kind` for every registered contact of the card, inside the caller's transaction."""
    card = attempt.card
    for contact in card.registered_contacts():
        queue_message(
            kind=kind,
            channel=contact.channel,
            subject_id=attempt.pk,
            contact_index=contact.index,
            to_masked=mask(contact.address),
            language=attempt.language,
            deadline=at + NOTICE_WORTH,
            programme_code=card.programme.code,
        )

"""Notices of what happened to a card: one for every registered contact, addressed when it is sent."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from accounts.contacts import mask
from accounts.loss.not_me import link_of
from accounts.messages import Letterhead
from cards.models import Card
from messaging.kinds import Envelope
from messaging.models import Message
from messaging.services import queue_message
from pages.times import clock

NOTICE_WORTH = timedelta(days=3)


def tell_contacts(*, card_id: UUID, kind: str, subject_id: UUID, at: datetime) -> None:
    """One message of `kind` about the subject for every registered contact of the card, once, inside the caller's
    transaction."""
    card = Card.objects.select_related("programme").get(pk=card_id)
    for contact in card.registered_contacts():
        queue_message(
            kind=kind,
            channel=contact.channel,
            subject_id=subject_id,
            contact_index=contact.index,
            to_masked=mask(contact.address),
            language=card.language,
            deadline=at + NOTICE_WORTH,
            programme_code=card.programme.code,
            idempotency_key=f"{kind}:{subject_id}:{contact.channel}",
        )


def address_notice(message: Message, card: Card, moments: Mapping[str, datetime], **params: str) -> Envelope | None:
    """Tell the card's last digits, the `moments` by the clock of its programme, `params`, and where to say that it was
    somebody else. None when the contact is not the card's any more."""
    to, programme = contact_of(card, message), card.programme
    if not to:
        return None
    head = Letterhead.of(programme, message.channel)
    with timezone.override(programme.zone):
        told = {name: clock(moment) for name, moment in moments.items()}
    fixed = {"tail": card.number_tail, "hotline": head.hotline, "not_me": link_of(message, programme)}
    return Envelope(
        to=to,
        language=message.language,
        params={**fixed, **told, **params},
        sender=head.sender,
        service=head.service,
        fixed_text=head.fixed_text,
    )


def contact_of(card: Card, message: Message) -> str:
    """The card's registered contact, if it still is the one that the message is for."""
    return next((to.address for to in card.registered_contacts() if to.index == message.contact_index), "")

"""Letting a code that did not arrive travel by another way: the same code, by the programme's policy."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from accounts.contacts import mask
from accounts.sending_limits import count_automatic_send
from cards.code_rules import default_fallback
from cards.dimensions import Channel
from cards.models import Programme
from cards.models.card import Contact
from messaging.gateways.chosen import gateway_names
from messaging.models import Message
from messaging.services import queue_message

REACHED_BY = {Channel.SMS: Channel.SMS, Channel.VOICE: Channel.SMS, Channel.EMAIL: Channel.EMAIL}
"""A call and a text message go to the same number."""


def next_way(
    message: Message, contacts: Sequence[Contact], programme: Programme | None, *, never: Collection[Channel] = ()
) -> Contact | None:
    """The first way of the policy that leads to one of these contacts and that this code has not gone yet."""
    policy = programme.code_fallback if programme else default_fallback()
    same_code = Message.objects.filter(kind=message.kind, subject_id=message.subject_id)
    gone = set(same_code.values_list("channel", "contact_index"))
    ways = (
        replace(contact, channel=channel)
        for channel in map(Channel, policy)
        for contact in contacts
        if contact.channel == REACHED_BY[channel] and channel not in never and gateway_names(channel)
    )
    return next((way for way in ways if (way.channel, way.index) not in gone), None)


def send_instead(message: Message, way: Contact, *, counted_for: str) -> bool:
    """Queue what says the same as `message` by this way, with its deadline; False when too much has been sent."""
    if count_automatic_send(counted_for) is not None:
        return False
    queue_message(
        kind=message.kind,
        channel=way.channel,
        subject_id=message.subject_id,
        contact_index=way.index,
        to_masked=mask(way.address),
        language=message.language,
        deadline=message.deadline,
        programme_code=message.programme_code,
        urgent=message.urgent,
        in_place_of=message.pk,
    )
    return True

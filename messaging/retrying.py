"""Which dead letters can be tried again now, and which would end the same way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from messaging.budgets import country_of, is_closed
from messaging.destinations import known_destinations
from messaging.models import Destination, Message

BY_TELEPHONE = (Message.Channel.SMS, Message.Channel.VOICE)


@dataclass
class Prospects:
    """Messages by what would become of them; `countries` are the prefixes of those that are barred."""

    ready: list[Message] = field(default_factory=list)
    barred: list[Message] = field(default_factory=list)
    ended: list[Message] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)


def prospects_of(messages: Iterable[Message], at: datetime) -> Prospects:
    """Sort them; the destinations are looked up once."""
    found, known = Prospects(), known_destinations()
    for message in messages:
        if message.dead_at is None or message.deadline <= at:
            found.ended.append(message)
        elif is_barred(message, known):
            found.barred.append(message)
        else:
            found.ready.append(message)
    found.countries = sorted({country_of(message.to_masked) for message in found.barred})
    return found


def is_barred(message: Message, known: Sequence[Destination]) -> bool:
    """Whether it goes by telephone to a country that nothing is sent to."""
    return message.channel in BY_TELEPHONE and is_closed(message.to_masked, known)

"""What handing a message over can come to."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """A gateway has it, and knows it by this id. `destination` is the country prefix it went to, if it has one.

    `next_poll_at` is when to ask what became of it, where the gateway can be asked.
    """

    gateway: str
    provider_id: str
    destination: str = ""
    next_poll_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """It will never go out. `gateway` is empty where none was asked."""

    gateway: str
    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """It was tried and did not go out: again later."""

    gateway: str
    reason: str


@dataclass(frozen=True, slots=True)
class Later:
    """Nobody was asked, and nobody should be until then. `reason` tells staff, where it is more than pace."""

    until: datetime
    reason: str = ""


Answer = Taken | Refused | Failed | Later

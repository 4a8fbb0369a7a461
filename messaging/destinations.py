"""Which destination a telephone number belongs to."""

from collections.abc import Sequence

from messaging.models import Destination

HOME = "+86"
HOURLY, DAILY = 20_000, 200_000


def known_destinations() -> list[Destination]:
    """All destinations, a handful. The mainland of China is one, unless its own row says otherwise."""
    named = list(Destination.objects.all())
    if not any(destination.prefix == HOME for destination in named):
        named.append(Destination(prefix=HOME, hourly_budget=HOURLY, daily_budget=DAILY))
    return named


def destination_of(number: str, known: Sequence[Destination] | None = None) -> Destination | None:
    """The destination with the longest prefix of this number (E.164); None when we do not send there at all.

    `known` are the destinations where a caller has looked them up already.
    """
    fitting = [one for one in known or known_destinations() if number.startswith(one.prefix)]
    return max(fitting, key=lambda destination: len(destination.prefix), default=None)

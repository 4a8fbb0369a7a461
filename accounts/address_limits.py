"""How much may come from one place, in ten minutes and in a day. It slows a place down and never locks a card or an
account. A whole campus may be behind one address, so the day is generous."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import cycle

from accounts.refusals import TooManyChecks
from vault import limits
from vault.client_address import subnet
from vault.limits import Limit

WINDOW, DAY = timedelta(minutes=10), timedelta(days=1)
CHECKS = (
    Limit(
        name="code-checks-by-address",
        sentence="120 code checks from one address in ten minutes",
        tries=120,
        window=WINDOW,
    ),
    Limit(
        name="code-checks-by-subnet",
        sentence="480 code checks from one network in ten minutes",
        tries=480,
        window=WINDOW,
    ),
)
REQUESTS = (
    Limit(
        name="code-requests-by-address",
        sentence="30 code requests from one address in ten minutes",
        tries=30,
        window=WINDOW,
    ),
    Limit(
        name="code-requests-by-subnet",
        sentence="120 code requests from one network in ten minutes",
        tries=120,
        window=WINDOW,
    ),
    Limit(
        name="code-requests-by-address-a-day",
        sentence="2,000 code requests from one address in 24 hours",
        tries=2000,
        window=DAY,
    ),
    Limit(
        name="code-requests-by-subnet-a-day",
        sentence="8,000 code requests from one network in 24 hours",
        tries=8000,
        window=DAY,
    ),
)


def count_check(address: str) -> None:
    """Count one code that is tried from this address. Raises TooManyChecks."""
    _count(CHECKS, address)


def count_request(address: str) -> None:
    """Count one request for a code from this address. Raises TooManyChecks."""
    _count(REQUESTS, address)


def _count(by_address_and_subnet: Sequence[Limit], address: str) -> None:
    """Outside the caller's transaction, so that one network's requests do not wait for each other."""
    for count in limits.count_all(list(zip(by_address_and_subnet, cycle((address, subnet(address))), strict=False))):
        if not count.allowed and count.until is not None:
            raise TooManyChecks(count.until)

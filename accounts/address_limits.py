"""How much may come from one place. It slows a place down and never locks a card or an account."""

from datetime import timedelta

from accounts.refusals import TooManyChecks
from vault import limits
from vault.client_address import subnet
from vault.limits import Limit

WINDOW = timedelta(minutes=10)
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
)


def count_check(address: str) -> None:
    """Count one code that is tried from this address. Raises TooManyChecks."""
    _count(CHECKS, address)


def count_request(address: str) -> None:
    """Count one request for a code from this address. Raises TooManyChecks."""
    _count(REQUESTS, address)


def _count(pair: tuple[Limit, Limit], address: str) -> None:
    """Outside the caller's transaction, so that one network's requests do not wait for each other."""
    for count in limits.count_all(list(zip(pair, (address, subnet(address)), strict=True))):
        if not count.allowed and count.until is not None:
            raise TooManyChecks(count.until)

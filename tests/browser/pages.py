"""Every distinct page and state, with what brings a browser there and a mistake to make on it.

The way there is walked by the test client, which is fast; its cookies are then given to Chromium. The last press of a
page that answers a POST is made in Chromium. The pages of a portal that is broken are in `test_broken.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import Page

from activation.tests.browser import Browser
from tests.browser import (
    accounts,
    binding,
    losing,
    pins,
    refusals,
    signing_in,
    standing,
    statements,
    steps,
    stopped,
    verdicts,
)


@dataclass(frozen=True)
class Place:
    """A page in one state. `wrong` is a mistaken answer to its form; None where there is no form to fill. `press` is
    what is done in Chromium to come to a page that answers a POST."""

    name: str
    arrive: Callable[[], Browser]
    wrong: Mapping[str, str] | None = None
    press: Callable[[Page], None] | None = None

    def __str__(self) -> str:
        return self.name


def places(walks: Mapping[str, Callable[[], Browser]], wrong: Mapping[str, Mapping[str, str]]) -> list[Place]:
    return [Place(name, arrive, wrong.get(name)) for name, arrive in walks.items()]


PLACES = [
    *places(standing.WALKS, {}),
    *places(steps.WALKS, steps.WRONG),
    *places(verdicts.WALKS, {}),
    *places(stopped.WALKS, {}),
    *places(signing_in.WALKS, signing_in.WRONG),
    *places(statements.WALKS, statements.WRONG),
    *places(losing.WALKS, losing.WRONG),
    *places(pins.WALKS, pins.WRONG),
    *places(binding.WALKS, binding.WRONG),
    *places(accounts.WALKS, accounts.WRONG),
    *(Place(name, arrive, press=press) for name, (arrive, press) in refusals.WALKS.items()),
]


def place_named(name: str) -> Place:
    return next(place for place in PLACES if place.name == name)

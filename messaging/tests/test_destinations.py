"""The country that a number belongs to decides whether and how we send there."""

import pytest

from messaging.destinations import destination_of
from messaging.models import Destination

pytestmark = pytest.mark.django_db


def prefix_of(number: str) -> str | None:
    destination = destination_of(number)
    return destination.prefix if destination else None


def test_only_the_mainland_is_reached_before_anybody_has_named_a_destination() -> None:
    assert prefix_of("+8613800138000") == "+86"
    assert prefix_of("+85251234567") is None


def test_the_longest_prefix_counts() -> None:
    for prefix in ("+1", "+1876", "+86"):
        Destination.objects.create(prefix=prefix)
    assert prefix_of("+12025550123") == "+1"
    assert prefix_of("+18765550123") == "+1876"


def test_another_country_comes_beside_the_mainland() -> None:
    Destination.objects.create(prefix="+852")
    assert prefix_of("+85251234567") == "+852"
    assert prefix_of("+8613800138000") == "+86"


def test_the_row_of_the_mainland_takes_the_place_of_the_default() -> None:
    Destination.objects.create(prefix="+86", hourly_budget=7, allowed=False)
    destination = destination_of("+8613800138000")
    assert destination is not None
    assert (destination.hourly_budget, destination.allowed) == (7, False)

"""What a helper may do with a card, and what not: a table of every page that is about one card."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.binding.rights import HELPER_MAY, Right, held_card
from accounts.models import CardBinding, CardHelper, User
from accounts.tests.adding import a_card, helps, signed_in
from accounts.tests.factories import CardBindingFactory, UserFactory
from cards.models import Card

pytestmark = pytest.mark.django_db

FOR_HELPERS = {
    "accounts:card",
    "accounts:own_lost",
    "accounts:stop_helping",
    "statements:statement",
    "statements:download",
}
"""The pages of a card that a helper sees. All others, those of tomorrow too, are the holder's alone."""


@pytest.fixture
def card() -> Card:
    bound: Card = CardBindingFactory.create(card=a_card()).card
    return bound


@pytest.fixture
def helper(card: Card) -> User:
    person: User = UserFactory.create()
    helps(person, card)
    return person


def pages_of_a_card(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    """The names of all public addresses that are about one card."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from pages_of_a_card(
                    pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space
                )
        elif pattern.name and set(pattern.pattern.converters) == {"card_id"}:
            yield f"{space}{pattern.name}"


PAGES = sorted(set(pages_of_a_card(get_resolver().url_patterns)))


def test_the_table_has_them_all() -> None:
    assert set(PAGES) > FOR_HELPERS


@pytest.mark.parametrize("name", PAGES)
def test_a_helper_sees_only_what_the_holder_agreed_to(card: Card, helper: User, name: str) -> None:
    path = reverse(name, args=[card.pk])
    client = signed_in(helper).client
    allowed = name in FOR_HELPERS
    assert (client.get(path).status_code == 200) == allowed
    assert (client.post(path, {}).status_code == 404) != allowed


@pytest.mark.parametrize("name", PAGES)
def test_help_that_has_ended_opens_nothing_and_a_stranger_sees_nothing(card: Card, helper: User, name: str) -> None:
    CardHelper.objects.update(ended_at=timezone.now() + timedelta(seconds=1))
    path = reverse(name, args=[card.pk])
    for person in (helper, UserFactory.create()):
        client = signed_in(person).client
        assert client.get(path).status_code == client.post(path, {}).status_code == 404


@pytest.mark.parametrize("right", Right)
def test_the_one_place_that_says_so(card: Card, helper: User, right: Right) -> None:
    holder = CardBinding.objects.get(card=card).user_id

    def may(user_id: object) -> bool:
        return held_card(user_id=user_id, card_id=card.pk, right=right) is not None  # type: ignore[arg-type]

    assert may(holder)
    assert may(helper.pk) == (right in HELPER_MAY)
    assert not may(UserFactory.create().pk)


def test_what_a_helper_is_shown_leads_nowhere_else(card: Card, helper: User) -> None:
    browser = signed_in(helper)
    for path in ("/cards/", f"/cards/{card.pk}/"):
        browser.open(path)
        assert "You help with this card" in browser.text
        for name in set(PAGES) - FOR_HELPERS:
            assert f'href="{reverse(name, args=[card.pk])}"' not in browser.text, name
        assert f'href="{reverse("statements:statement", args=[card.pk])}"' in browser.text
        assert f'href="{reverse("accounts:own_lost", args=[card.pk])}"' in browser.text

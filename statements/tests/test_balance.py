"""A balance is never told without its moment, on both pages of a card."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.tests.factories import CardBindingFactory
from cards.models import Card
from cards.tests.factories import CardFactory
from pages.times import clock
from statements.models import Balance
from statements.tests.factories import come_in, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(client: Client) -> Card:
    binding = CardBindingFactory.create()
    client.force_login(binding.user, backend="accounts.backends.OneTimeCodeBackend")
    client.cookies["lang"] = "en"
    bound: Card = binding.card
    return bound


def read(client: Client, address: str) -> str:
    return client.get(address).content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_it_stands_with_its_moment_on_my_cards_and_on_the_statement(client: Client, card: Card) -> None:
    at = timezone.now() - timedelta(hours=2)
    come_in(card, record(card, at, balance=88050))
    for address in ("/cards/", f"/cards/{card.pk}/transactions/"):
        page = read(client, address)
        with timezone.override(card.programme.zone):
            assert f'<dd><bdi class="nb" dir="ltr">¥ 880.50</bdi> as of {clock(at)}</dd>' in page
        assert "24 hours" not in page


def test_older_than_a_day_it_says_so(client: Client, card: Card) -> None:
    Balance.objects.create(card=card, amount=-5, currency="CNY", as_of=timezone.now() - timedelta(hours=25))
    for address in ("/cards/", f"/cards/{card.pk}/transactions/"):
        assert "\u2212¥ 0.05</bdi> as of " in read(client, address)
        assert ", more than 24 hours ago</dd>" in read(client, address)


def test_without_one_nothing_is_said_of_it(client: Client, card: Card) -> None:
    assert "Balance" not in read(client, "/cards/") + read(client, f"/cards/{card.pk}/transactions/")


def test_my_cards_lead_to_the_statement_of_each_card_that_was_used(client: Client, card: Card) -> None:
    new = CardBindingFactory.create(user=card.bindings.get().user, card=CardFactory.create()).card
    page = read(client, "/cards/")
    link = f'<a class="tap" href="/cards/{card.pk}/transactions/">Transactions<span class="vh"> ending in '
    assert f"{link}{card.number_tail}</span></a>" in page
    assert f"/cards/{new.pk}/transactions/" not in page

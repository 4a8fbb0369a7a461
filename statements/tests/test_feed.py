"""What an issuer's host tells of a card comes in like a file does: once, with sums, balances and alerts."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.tests.factories import CardBindingFactory
from cards import issuer_hosts
from cards.issuer_hosts import HostBalance, HostUnavailable, host_for
from cards.models import Card
from cards.tests.factories import ProgrammeFactory
from statements.hosts import StatementsHost
from statements.models import Alert, Balance, MonthTotal, Transaction
from statements.taking import LATE, take_feed
from statements.tasks import take_feed_of
from statements.tests.factories import come_in, record
from statements.tests.feeding import TellingHost, fed_card, told
from statements.tests.test_alerts import noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> TellingHost:
    telling = TellingHost()
    monkeypatch.setattr(issuer_hosts, "_HOSTS", {**issuer_hosts._HOSTS, telling.name: telling})
    return telling


@pytest.fixture
def card(host: TellingHost) -> Card:
    return fed_card(ProgrammeFactory.create(code="fed", issuer_host=host.name))


def test_what_is_new_comes_in_once_with_sums_balance_and_alerts(card: Card, host: TellingHost) -> None:
    host.knows = [told(1, noon()), told(2, noon() - timedelta(days=1), -900_000, description="给 13800138000")]
    host.has = HostBalance(4200, "CNY", noon())
    assert take_feed(card_id=card.pk) == 2
    assert take_feed(card_id=card.pk) == 0
    assert sum(MonthTotal.objects.values_list("outgoing", flat=True)) == 900_100
    assert Balance.objects.get(card=card).amount == 4200
    assert [alert.rule for alert in Alert.objects.all()] == ["amount"]
    assert Transaction.objects.get(issuer_id="H2").description == "给 ****8000"


def test_the_host_is_asked_from_a_little_before_the_latest_on(card: Card, host: TellingHost) -> None:
    come_in(card, record(card, noon() - timedelta(days=5)))
    host.knows = [told(1, noon() - timedelta(days=7)), told(2, noon() - timedelta(days=30))]
    assert take_feed(card_id=card.pk) == 1
    assert host.asked == [noon() - timedelta(days=5) - LATE]


def test_a_host_that_is_down_changes_nothing_and_breaks_nothing(card: Card, host: TellingHost) -> None:
    host.down = True
    with pytest.raises(HostUnavailable):
        take_feed(card_id=card.pk)
    assert take_feed_of(str(card.pk)) == 0
    assert Transaction.objects.count() == 0


def test_an_older_balance_of_the_host_does_not_replace_a_newer_one(card: Card, host: TellingHost) -> None:
    come_in(card, record(card, noon(), balance=1))
    host.has = HostBalance(2, "CNY", noon() - timedelta(days=1))
    take_feed(card_id=card.pk)
    assert Balance.objects.get(card=card).amount == 1


def test_looking_at_a_statement_has_the_host_asked_once_in_a_while(
    card: Card, host: TellingHost, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    client.force_login(card.bindings.get().user, backend="accounts.backends.OneTimeCodeBackend")
    with django_capture_on_commit_callbacks() as first:
        assert client.get(f"/cards/{card.pk}/transactions/").status_code == 200
    with django_capture_on_commit_callbacks() as second:
        client.get(f"/cards/{card.pk}/transactions/")
    assert (len(first), len(second)) == (1, 0)
    assert host.asked == []  # the page does not wait for it


def test_the_records_host_answers_from_what_was_imported_and_has_no_feed() -> None:
    card = CardBindingFactory.create().card
    (row,) = come_in(card, record(card, timezone.now() - timedelta(days=1), balance=77))
    come_in(card, record(card, timezone.now() - timedelta(days=9)))
    host = host_for(card.programme)
    assert isinstance(host, StatementsHost) and not host.has_feed
    (one,) = host.transactions(card=card, since=timezone.now() - timedelta(days=2))
    assert (one.issuer_id, one.at, one.amount, one.merchant_name) == (row.issuer_id, row.at, row.amount, "面馆")
    assert host.balance(card=card) == HostBalance(77, "CNY", row.at)
    assert take_feed(card_id=card.pk) == 0


def test_the_statement_and_my_cards_lead_to_a_fresh_balance_where_the_host_can_be_asked(
    card: Card, host: TellingHost, client: Client
) -> None:
    client.force_login(card.bindings.get().user, backend="accounts.backends.OneTimeCodeBackend")
    client.cookies["lang"] = "en"
    address = f"/cards/{card.pk}/transactions/"
    assert f'href="{address}">Refresh the balance' in client.get("/cards/").content.decode()
    first, second = (client.get(address).content.decode() for _n in range(2))
    assert "We are asking the issuer for what is new" in first
    assert "We are asking" not in second  # it was asked just now
    assert ">Refresh the balance</a>" in first and ">Refresh the balance</a>" in second


def test_nothing_is_said_of_refreshing_where_transactions_come_by_file(client: Client) -> None:
    card = CardBindingFactory.create().card
    client.force_login(card.bindings.get().user, backend="accounts.backends.OneTimeCodeBackend")
    client.cookies["lang"] = "en"
    for address in ("/cards/", f"/cards/{card.pk}/transactions/"):
        assert "Refresh" not in client.get(address).content.decode()

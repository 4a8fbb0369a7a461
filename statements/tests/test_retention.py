"""Transactions go three years after their month, with their sums; alerts after a year; what is left adds up."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.tests.factories import CardBindingFactory
from cards.models import Card
from cards.tests.factories import CardFactory, ProgrammeFactory
from statements import retention
from statements.models import Alert, MonthTotal, Transaction
from statements.retention import ALERTS_KEPT, forget_alerts, forget_transactions
from statements.tasks import forget_transactions as sweep
from statements.tests.factories import come_in, record
from vault.ids import first_id
from vault.tests.concurrency import at_once

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 26, 7, tzinfo=UTC)


def kept(card: Card) -> list[str]:
    """Which transactions there are; the sums count as many."""
    rows = Transaction.objects.of_card(card.pk).order_by("at").values_list("issuer_id", flat=True)
    counted = sum(MonthTotal.objects.filter(card=card).values_list("outgoing_count", flat=True))
    assert counted == len(rows)
    return list(rows)


def test_a_month_goes_as_a_whole_when_it_is_three_years_old_by_the_programmes_clock() -> None:
    """In Shanghai it is November 2023 from 16:00 of October 31 on, in UTC."""
    card = CardFactory.create()
    last, first = datetime(2023, 10, 31, 15, 59, 59, tzinfo=UTC), datetime(2023, 10, 31, 16, tzinfo=UTC)
    come_in(
        card,
        record(card, datetime(2019, 2, 1, tzinfo=UTC), issuer_id="old"),
        record(card, last, issuer_id="last"),
        record(card, last, issuer_id="fee", kind="fee"),
        record(card, last, issuer_id="yen", currency="JPY"),
        record(card, first, issuer_id="first"),
    )
    assert (forget_transactions(NOW), forget_transactions(NOW)) == (4, 0)
    assert kept(card) == ["first"]
    assert MonthTotal.objects.get().month == date(2023, 11, 1)


def test_the_zone_is_each_programmes_own() -> None:
    card = CardFactory.create(programme=ProgrammeFactory.create(code="london", time_zone="Europe/London"))
    come_in(card, record(card, datetime(2023, 10, 31, 16, tzinfo=UTC), issuer_id="october"))
    assert forget_transactions(NOW) == 1 and kept(card) == []


def test_many_months_go_step_by_step_and_a_turn_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    card = CardFactory.create()
    come_in(card, *(record(card, datetime(2010 + n, 5, 5, tzinfo=UTC)) for n in range(7)))
    monkeypatch.setattr(retention, "STEP", 2)
    assert forget_transactions(NOW, seconds=0) == 2
    assert len(kept(card)) == 5
    assert forget_transactions(NOW) == 5


def test_an_alert_goes_after_a_year_and_its_transaction_stays() -> None:
    card = CardBindingFactory.create().card
    come_in(card, *(record(card, amount=-900_000 - n) for n in range(2)))
    young, old = Alert.objects.filter(rule="amount").order_by("pk")
    Alert.objects.filter(pk=old.pk).update(id=first_id(timezone.now() - ALERTS_KEPT - timedelta(minutes=1)))
    assert (forget_alerts(timezone.now()), forget_alerts(timezone.now())) == (1, 0)
    assert Alert.objects.get(rule="amount") == young and len(kept(card)) == 2


def test_alerts_that_are_left_do_not_hold_up_what_they_are_about() -> None:
    card = CardBindingFactory.create().card
    come_in(card, record(card, amount=-900_000))
    assert Alert.objects.exists()
    assert forget_transactions(timezone.now() + timedelta(days=4 * 366)) == 1
    assert not Alert.objects.exists() and kept(card) == []


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_take_each_row_once(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "STEP", 1)
    card = CardFactory.create()
    come_in(card, *(record(card, datetime(2010, month, 5, tzinfo=UTC)) for month in range(1, 13)))
    assert sum(at_once(3, lambda _n: sweep())) == 12
    assert kept(card) == []

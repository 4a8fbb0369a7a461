"""What cardholders are told of: which payments, by which rule, once, and never by too many messages."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import CardBindingFactory, UserFactory
from cards.models import Card
from messaging.models import Message
from statements.alerting import FRESH, MESSAGES
from statements.models import Alert, AlertSettings, Transaction
from statements.models.alerts import Rule
from statements.rules import Before, is_night, matches
from statements.tests.factories import come_in, record

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
EVERYWHERE = {str(rule): ["page", "sms", "email"] for rule in Rule}


@cache
def noon() -> datetime:
    """The last noon of Shanghai: no night, and new enough. One for the whole run, be it noon again meanwhile."""
    now = timezone.now().astimezone(SHANGHAI)
    today = now.replace(hour=12, minute=0, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


@pytest.fixture
def user() -> User:
    holder: User = UserFactory.create()
    return holder


@pytest.fixture
def card(user: User) -> Card:
    """A card used for long at restaurants, in an account that has not chosen anything."""
    bound: Card = CardBindingFactory.create(user=user).card
    come_in(bound, record(bound, noon() - timedelta(days=60), -1), record(bound, noon() - timedelta(days=4), -1))
    return bound


def rules(card: Card) -> list[str]:
    alerts = Alert.objects.filter(transaction__card=card).order_by("transaction__at", "pk")
    return list(alerts.values_list("rule", flat=True))


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, []),
        ({"amount": -100_000}, []),
        ({"amount": -100_001}, ["amount"]),
        ({"amount": 100_001, "kind": "top_up"}, []),
        ({"amount": -100_001, "kind": "fee"}, []),
        ({"amount": -100_001, "currency": "JPY"}, []),
        ({"country": "JP", "currency": "JPY"}, ["abroad"]),
        ({"country": ""}, []),
        ({"at": noon().replace(hour=2)}, ["night"]),
        ({"at": noon().replace(hour=6)}, []),
        ({"merchant_category": "7995"}, ["first"]),
        ({"merchant_category": ""}, []),
        ({"amount": -900_000, "country": "US", "merchant_category": "7995"}, ["amount", "abroad", "first"]),
    ],
)
def test_a_payment_is_told_of_by_each_rule_that_names_it(card: Card, values: dict[str, Any], told: list[str]) -> None:
    come_in(card, record(card, **{"at": noon(), **values}))
    assert rules(card) == told


def test_several_in_a_short_time_are_told_from_the_third_on_also_of_one_batch(card: Card) -> None:
    come_in(card, *(record(card, noon() + timedelta(minutes=n)) for n in range(2)))
    assert rules(card) == []
    come_in(card, *(record(card, noon() + timedelta(minutes=n)) for n in (2, 3, 20)))
    alerts = Alert.objects.order_by("transaction__at").values_list("rule", "measure")
    assert list(alerts) == [("repeats", 3), ("repeats", 4)]


def test_a_new_card_is_not_told_that_each_kind_of_merchant_is_new(user: User) -> None:
    card = CardBindingFactory.create(user=user).card
    come_in(card, record(card, noon(), merchant_category="5411"))
    assert rules(card) == []


def test_a_kind_of_merchant_is_new_once(card: Card) -> None:
    come_in(card, record(card, noon() - timedelta(hours=1), merchant_category="5411"))
    come_in(card, record(card, noon(), merchant_category="5411"))
    assert rules(card) == ["first"]


def test_what_somebody_has_tuned_is_what_counts(card: Card, user: User) -> None:
    AlertSettings.objects.create(user=user, limit=5_00, currency="HKD", night_from=11, night_until=13, repeats=2)
    come_in(card, record(card, noon(), -600, currency="HKD"))
    assert rules(card) == ["amount", "night"]


def test_a_rule_that_is_told_nowhere_is_off(card: Card, user: User) -> None:
    AlertSettings.objects.create(user=user, told={**EVERYWHERE, "abroad": []})
    come_in(card, record(card, noon(), country="JP"), record(card, noon(), -900_000))
    assert rules(card) == ["amount"]


@pytest.mark.parametrize(
    ("begins", "ends", "hours"), [(23, 6, {23, 0, 1, 2, 3, 4, 5}), (1, 3, {1, 2}), (5, 5, set()), (0, 2, {0, 1})]
)
def test_a_night_may_go_over_midnight(begins: int, ends: int, hours: set[int]) -> None:
    assert {hour for hour in range(24) if is_night(hour, begins, ends)} == hours


def test_night_is_by_the_clock_of_the_programme() -> None:
    one = Transaction(at=datetime(2026, 3, 1, 18, tzinfo=UTC), amount=-1)  # 2 in the morning in Shanghai
    wanted = AlertSettings(told=EVERYWHERE)
    assert [match.rule for match in matches(one, one.at.astimezone(SHANGHAI), "CN", Before(1, False), wanted)] == [
        "night"
    ]


def test_history_and_cards_of_nobody_are_told_to_nobody(card: Card) -> None:
    come_in(card, record(card, timezone.now() - FRESH - timedelta(minutes=1), -900_000))
    ended = CardBindingFactory.create(ended_at=timezone.now() + timedelta(hours=1)).card
    come_in(ended, record(ended, noon(), -900_000))
    assert Alert.objects.count() == 0 and Message.objects.count() == 0


def test_the_message_goes_to_the_accounts_contacts_once_a_payment(card: Card, user: User) -> None:
    come_in(card, record(card, noon(), -900_000, country="JP"))
    messages = Message.objects.order_by("-channel")
    assert [(m.channel, m.kind, m.contact_index, m.urgent) for m in messages] == [
        ("sms", "transaction_alert", user.phone_index, False),
        ("email", "transaction_alert", user.email_index, False),
    ]
    assert {m.subject_id for m in messages} == {Alert.objects.get(rule="amount").pk}
    assert all("*" in m.to_masked for m in messages)


def test_what_waits_on_the_page_sends_nothing(card: Card) -> None:
    come_in(card, record(card, noon(), merchant_category="7995"))
    assert rules(card) == ["first"] and Message.objects.count() == 0


def test_messages_about_one_card_are_few_and_alerts_are_all(card: Card, user: User) -> None:
    other = CardBindingFactory.create(user=user).card
    for n in range(6):
        come_in(card, record(card, noon() - timedelta(hours=n), -900_000 - n))
    assert rules(card).count("amount") == 6
    assert Message.objects.count() == MESSAGES.tries == 4
    come_in(other, record(other, noon(), -900_000))
    assert Message.objects.count() == 6


def test_an_account_without_an_email_address_is_told_by_text_message(card: Card) -> None:
    reader = UserFactory.create(email="")
    bound = CardBindingFactory.create(user=reader).card
    come_in(bound, record(bound, noon(), -900_000))
    assert [message.channel for message in Message.objects.all()] == ["sms"]


def test_a_batch_costs_as_many_statements_whatever_it_holds(card: Card, django_assert_max_num_queries: Any) -> None:
    others = [CardBindingFactory.create().card for _n in range(5)]
    quiet = {str(rule): ["page"] for rule in Rule}
    for one in (card, *others):
        AlertSettings.objects.create(user=one.bindings.get().user, told=quiet)
    rows = [record(card, noon() - timedelta(minutes=n), -900_000) for n in range(200)]
    with django_assert_max_num_queries(16):
        come_in(card, *rows)
    assert rules(card).count("amount") == 200


def test_transactions_whose_alerts_cannot_be_written_do_not_come_in(
    card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = card.transactions.count()

    def fail(*_args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("statements.alerting.look_back", fail)
    with pytest.raises(RuntimeError):
        come_in(card, record(card, noon()))
    assert card.transactions.count() == before

"""Each rule at its edges: the smallest unit of money, the second, the day, the border."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from accounts.services import freeze_card
from accounts.tests.factories import CardBindingFactory, UserFactory
from cards.dimensions import Via
from cards.events import Actor
from cards.models import Card
from cards.tests.factories import CardFactory, ProgrammeFactory
from messaging.models import Message
from statements.models import Alert, AlertSettings, Transaction
from statements.models.alerts import Rule
from statements.rules import LONG_USED, SHORT_TIME, Before, matches
from statements.tests.factories import come_in, record
from statements.tests.test_alerts import EVERYWHERE, noon

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def card_of(**programme: Any) -> Card:
    """A card in an account, of a programme of its own."""
    card = CardFactory.create(programme=ProgrammeFactory.create(code="edge", **programme), state="active")
    bound: Card = CardBindingFactory.create(card=card).card
    return bound


def rules(card: Card) -> list[str]:
    return list(Alert.objects.filter(transaction__card=card).order_by("pk").values_list("rule", flat=True))


def type_limit(card: Card, limit: str) -> str:
    """Type a limit into the settings, as the holder of the card; where that leads."""
    client = Client()
    client.force_login(card.bindings.get().user, backend="accounts.backends.OneTimeCodeBackend")
    sent = {"amount": ["page"], "limit": limit, "night_from": "5", "night_until": "5", "many": "10"}
    return client.post("/alerts/settings/", sent)["Location"]


@pytest.mark.parametrize(
    ("currency", "typed", "smallest_units"),
    [
        ("CNY", "99.5", 9_950),
        ("CNY", "1,000", 100_000),
        ("JPY", "5000", 5_000),
        ("KWD", "1.005", 1_005),
        ("KWD", "20", 20_000),
    ],
)
def test_a_limit_is_kept_to_the_smallest_unit_and_one_unit_more_is_told(
    currency: str, typed: str, smallest_units: int
) -> None:
    card = card_of()
    come_in(card, record(card, noon() - timedelta(days=4), 1, currency=currency, balance=1, kind="top_up"))
    assert type_limit(card, typed) == "/alerts/settings/"
    kept = AlertSettings.objects.get()
    assert (kept.limit, kept.currency) == (smallest_units, currency)
    come_in(card, record(card, noon(), -smallest_units, currency=currency))
    assert rules(card) == []
    come_in(card, record(card, noon(), -smallest_units - 1, currency=currency))
    assert rules(card) == ["amount"]


@pytest.mark.parametrize(
    ("currency", "typed"), [("JPY", "0.5"), ("JPY", "100.0001"), ("CNY", "1.001"), ("KWD", "1.0005")]
)
def test_a_limit_of_less_than_the_smallest_unit_is_refused(currency: str, typed: str) -> None:
    card = card_of()
    come_in(card, record(card, noon() - timedelta(days=4), 1, currency=currency, balance=1, kind="top_up"))
    assert type_limit(card, typed) == "/alerts/settings/?e=1#errors"
    assert not AlertSettings.objects.exists()


@pytest.mark.parametrize(
    ("currency", "limit", "shown"),
    [("JPY", 5_000, "5000"), ("KWD", 100_000, "100"), ("KWD", 1_005, "1.005"), ("CNY", 10, "0.10"), ("CNY", 700, "7")],
)
def test_the_settings_show_a_limit_as_one_would_type_it(currency: str, limit: int, shown: str) -> None:
    user = UserFactory.create()
    AlertSettings.objects.create(user=user, limit=limit, currency=currency)
    client = Client()
    client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    assert f'value="{shown}"' in client.get("/alerts/settings/").content.decode()


def test_until_somebody_chooses_the_limit_is_in_the_currency_of_the_card_as_the_settings_show_it() -> None:
    card = card_of()
    come_in(card, record(card, noon() - timedelta(days=4), 1, currency="KWD", balance=1, kind="top_up"))
    come_in(card, record(card, noon(), -100_001, currency="KWD"), record(card, noon(), -100_001, currency="CNY"))
    assert [alert.transaction.currency for alert in Alert.objects.filter(rule="amount")] == ["KWD"]


def test_amounts_in_another_currency_than_the_limit_are_never_compared() -> None:
    card = card_of()
    AlertSettings.objects.create(user=card.bindings.get().user, limit=1, currency="CNY", told=EVERYWHERE)
    come_in(card, record(card, noon(), -(10**9), currency="JPY"))
    assert "amount" not in rules(card)


@pytest.mark.parametrize(
    ("zone", "moment", "night"),
    [
        ("Asia/Shanghai", datetime(2026, 11, 20, 14, 59, 59, tzinfo=UTC), False),  # 22:59:59
        ("Asia/Shanghai", datetime(2026, 11, 20, 15, 0, 0, tzinfo=UTC), True),  # 23:00:00
        ("Asia/Shanghai", datetime(2026, 11, 20, 21, 59, 59, tzinfo=UTC), True),  # 5:59:59
        ("Asia/Shanghai", datetime(2026, 11, 20, 22, 0, 0, tzinfo=UTC), False),  # 6:00:00
        ("Europe/London", datetime(2026, 7, 1, 22, 0, 0, tzinfo=UTC), True),  # 23:00 of summer time
        ("Europe/London", datetime(2026, 1, 1, 22, 0, 0, tzinfo=UTC), False),  # 22:00
        ("Asia/Kathmandu", datetime(2026, 11, 20, 17, 15, 0, tzinfo=UTC), True),  # 23:00, at + 5:45
        ("Asia/Kathmandu", datetime(2026, 11, 20, 17, 14, 59, tzinfo=UTC), False),
    ],
)
def test_night_begins_and_ends_to_the_second_by_the_clock_of_the_programme(
    zone: str, moment: datetime, night: bool
) -> None:
    wanted = AlertSettings(told=EVERYWHERE, night_from=23, night_until=6)
    found = matches(Transaction(amount=-1), moment.astimezone(ZoneInfo(zone)), "CN", Before(1, False), wanted)
    assert [match.rule for match in found] == ([Rule.NIGHT] if night else [])


def test_a_payment_that_comes_in_is_compared_in_the_programmes_zone() -> None:
    shanghai, new_york = CardBindingFactory.create().card, card_of(time_zone="America/New_York")
    at = noon() - timedelta(hours=12)  # midnight in Shanghai, about noon in New York
    for card in (shanghai, new_york):
        come_in(card, record(card, at))
    assert (rules(shanghai), rules(new_york)) == (["night"], [])


@pytest.mark.parametrize(
    ("region", "country", "abroad"),
    [("CN", "CN", False), ("CN", "HK", True), ("HK", "CN", True), ("HK", "HK", False), ("CN", "", False)],
)
def test_abroad_is_another_country_or_region_than_the_programmes(region: str, country: str, abroad: bool) -> None:
    card = card_of(region=region)
    come_in(card, record(card, noon(), country=country))
    assert rules(card) == (["abroad"] if abroad else [])


@pytest.mark.parametrize(("apart", "told"), [(SHORT_TIME - SECOND, ["repeats"]), (SHORT_TIME, [])])
def test_the_third_payment_counts_within_ten_minutes_to_the_second(apart: timedelta, told: list[str]) -> None:
    card = card_of()
    come_in(card, record(card, noon()), record(card, noon() + apart / 2), record(card, noon() + apart))
    assert rules(card) == told


def test_fees_and_money_that_comes_in_are_no_repeats() -> None:
    card = card_of()
    fees = [record(card, noon() + n * SECOND, kind="fee") for n in range(3)]
    came_in = [record(card, noon() + n * SECOND, 100, kind="refund") for n in range(3)]
    come_in(card, *fees, *came_in, record(card, noon() + 5 * SECOND))
    assert rules(card) == []


@pytest.mark.parametrize(("used_for", "told"), [(LONG_USED, []), (LONG_USED + SECOND, ["first"])])
def test_a_kind_of_merchant_is_new_to_a_card_that_has_been_used_for_more_than_a_month(
    used_for: timedelta, told: list[str]
) -> None:
    card = card_of()
    come_in(card, record(card, noon() - used_for))
    come_in(card, record(card, noon(), merchant_category="7995"))
    assert rules(card) == told


def test_what_was_paid_at_the_same_kind_of_merchant_later_does_not_make_it_known() -> None:
    card = card_of()
    come_in(card, record(card, noon() - timedelta(days=60)))
    come_in(card, record(card, noon(), merchant_category="7995"))
    come_in(card, record(card, noon() - timedelta(hours=1), merchant_category="7995"))  # told late
    assert rules(card) == ["first", "first"]


def test_security_notices_come_whatever_is_switched_off() -> None:
    card = card_of()
    off: dict[str, list[str]] = {str(rule): [] for rule in Rule}
    AlertSettings.objects.create(user=card.bindings.get().user, told=off)
    come_in(card, record(card, noon(), -900_000, country="JP"))
    assert not Message.objects.exists()
    freeze_card(card_id=card.pk, actor=Actor.cardholder(card.bindings.get().user_id), channel=Via.WEB, reason="lost")
    assert set(Message.objects.values_list("kind", flat=True)) == {"card_frozen"}

"""Alerts are told in the activity of the account, among what else happened, each when it was raised."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.account_events import record as note
from accounts.models import AccountEvent, User
from accounts.tests.factories import CardBindingFactory, UserFactory
from cards.models import Card
from pages.times import moment_told
from statements.models import Alert
from statements.tests.factories import come_in, record
from vault.ids import made_at, new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return UserFactory.create()


@pytest.fixture
def card(user: User) -> Card:
    return CardBindingFactory.create(user=user).card


@pytest.fixture
def person(user: User) -> Client:
    opened = Client(headers={"accept-language": "en"})
    opened.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    AccountEvent.objects.all().delete()
    return opened


def lines(person: Client, query: str = "") -> list[str]:
    page = person.get(f"/account/activity/{query}").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    rows = re.findall(r"<li><p>(.*?)</p>\s*</li>", page, re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in rows]


def test_an_alert_stands_where_it_belongs_with_its_rule_and_its_card(person: Client, user: User, card: Card) -> None:
    yesterday = timezone.localtime(timezone=card.programme.zone) - timedelta(days=1)
    noon = yesterday.replace(hour=12)  # at night it would be told by another rule, too
    note(user_id=user.pk, kind="session_ended", browser="Edge/Windows")
    come_in(card, record(card, amount=-200_000, at=noon))
    note(user_id=user.pk, kind="signed_out_everywhere")
    alert = Alert.objects.get(rule="amount")
    told = lines(person)
    assert told[0].startswith("You signed out everywhere")
    (about,) = (line for line in told if line.startswith("Alert:"))
    assert "above your limit" in about and f"ending in {card.number_tail}" in about
    with timezone.override(card.programme.zone):
        assert moment_told(made_at(alert.pk)) in about
    assert "You signed out Edge on Windows" in " ".join(told[told.index(about) :])


def test_nobody_else_sees_it(card: Card) -> None:
    come_in(card, record(card, amount=-200_000))
    other = Client(headers={"accept-language": "en"})
    other.force_login(UserFactory.create(), backend="accounts.backends.OneTimeCodeBackend")
    assert Alert.objects.exists() and "Alert" not in " ".join(lines(other))


def test_what_a_merchant_is_called_is_text_and_no_markup(person: Client, card: Card) -> None:
    come_in(card, record(card, amount=-200_000, merchant_name="<b>%(x)s</b>"))
    page = person.get("/account/activity/").content.decode()
    assert "<b>%(x)s</b>" not in page and "&lt;b&gt;%(x)s&lt;/b&gt;" in page


def test_pages_of_alerts_follow_each_other_without_a_gap_or_a_double(person: Client, card: Card) -> None:
    come_in(card, *(record(card, amount=-200_000 - n) for n in range(25)))
    page = person.get("/account/activity/").content.decode()
    found = re.search(r'href="(\?before=[0-9a-f-]+)"', page)
    assert found
    count = Alert.objects.count()
    assert len(lines(person)) == 20
    second = lines(person, found[1])
    assert sum("Alert" in line for line in lines(person) + second) == min(count, 40)


def test_the_moment_of_an_id_is_when_it_was_made() -> None:
    at = timezone.now().replace(microsecond=123_000)
    with time_machine.travel(at, tick=False):
        assert made_at(new_id()) == at

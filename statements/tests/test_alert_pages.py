"""Alerts as a person sees, reads and tunes them (P19)."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services.freeze_card import freeze_card, report_lost
from accounts.tests.factories import CardBindingFactory, UserFactory
from cards.dimensions import Via
from cards.events import Actor
from cards.models import Card
from statements.models import Alert, AlertSettings
from statements.models.alerts import Rule
from statements.tests.factories import come_in, record
from statements.tests.test_alerts import EVERYWHERE, noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    holder: User = UserFactory.create()
    return holder


@pytest.fixture
def card(user: User) -> Card:
    bound: Card = CardBindingFactory.create(user=user).card
    return bound


@pytest.fixture
def person(user: User) -> Client:
    opened = Client(headers={"accept-language": "en"})
    opened.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    return opened


def read(person: Client, address: str = "/alerts/") -> str:
    answer = person.get(address)
    assert answer.status_code == 200
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("amount", '>¥ 1,234.00</bdi> at 面馆 is above your limit of <bdi class="nb" dir="ltr">¥ 1,000.00</bdi>'),
        ("abroad", "at 面馆 was paid abroad (Japan)"),
        ("night", "at 面馆 was paid at night, between 2:00 and 2:59"),
        ("repeats", "at 面馆 was payment number 3 within 10 minutes"),
        ("first", "at 面馆 was your first payment at this kind of merchant"),
    ],
)
def test_each_alert_names_its_rule_in_a_sentence(
    person: Client, card: Card, user: User, rule: str, words: str
) -> None:
    (row,) = come_in(card, record(card, noon(), -123_400, country="JP"))
    measure = {"amount": 100_000, "night": 2, "repeats": 3}.get(rule, 0)
    Alert.objects.all().delete()
    Alert.objects.create(user=user, transaction=row, rule=rule, measure=measure)
    page = read(person)
    assert words in page and f">{Rule(rule).label} <strong" in page


def test_newest_come_first_twenty_a_page_and_only_ones_own(person: Client, card: Card) -> None:
    for n in range(23):
        come_in(card, record(card, noon() - timedelta(minutes=12 * n), -900_000 - n * 100))
    theirs = CardBindingFactory.create().card
    come_in(theirs, record(theirs, noon(), -777_700))
    page = read(person)
    assert page.count("<section") == 20 and "7,777" not in page
    assert page.index("¥ 9,022.00") < page.index("¥ 9,021.00")
    older = page.split('href="?before=')[1].split('"')[0]
    assert read(person, f"/alerts/?before={older}").count("<section") == 3


def test_what_stands_on_my_cards_stands_there_once_however_often_the_rooms_are_made_ready(
    person: Client, card: Card
) -> None:
    """Django makes them ready again when a test adds an app."""
    come_in(card, record(card, noon(), -900_000))
    with time_machine.travel(timezone.now(), tick=False):  # a page says when the session ends
        before = read(person, "/cards/")
        for room in apps.get_app_configs():
            room.ready()
        assert tokenless(read(person, "/cards/")) == tokenless(before)


def tokenless(page: str) -> str:
    return re.sub(r'name="(csrfmiddlewaretoken|form_token)" value="[^"]*"', "", page)


def test_reading_all_is_a_post_and_says_so(person: Client, card: Card) -> None:
    come_in(card, record(card, noon(), -900_000))
    assert "There are new alerts" in read(person, "/cards/")
    assert "New</strong>" in read(person)
    assert Alert.objects.get().read_at is None
    assert person.post("/alerts/")["Location"] == "/alerts/"
    page = read(person)
    assert "All alerts are marked as read" in page
    assert "New</strong>" not in page and "Mark all as read" not in page
    assert Alert.objects.get().read_at is not None
    assert "There are new alerts" not in read(person, "/cards/")


def test_alerts_of_others_stay_unread(person: Client, card: Card) -> None:
    theirs = CardBindingFactory.create().card
    come_in(theirs, record(theirs, noon(), -777_700))
    come_in(card, record(card, noon(), -900_000))
    person.post("/alerts/")
    assert Alert.objects.get(read_at=None).transaction.card == theirs


def test_each_alert_offers_to_freeze_the_card(person: Client, card: Card) -> None:
    come_in(card, record(card, noon(), -900_000))
    page = read(person)
    form = page[page.index(f'<form method="post" action="/cards/{card.pk}/lost/"') :]
    assert "This was not me: freeze the card" in form[: form.index("</form>")]


def test_one_tap_freezes_it(person: Client, card: Card) -> None:
    come_in(card, record(card, noon(), -900_000))
    answer = person.post(f"/cards/{card.pk}/lost/", follow=True)
    card.refresh_from_db()
    assert card.state == "suspended" and "Your card is frozen" in answer.content.decode()


@pytest.mark.parametrize("ended", [True, False])
def test_a_card_that_one_cannot_freeze_oneself_is_for_the_hotline(person: Client, card: Card, ended: bool) -> None:
    come_in(card, record(card, noon(), -900_000))
    if ended:
        card.bindings.update(ended_at=timezone.now() + timedelta(seconds=1))
    else:
        Card.objects.update(state="blocked")
    page = read(person)
    assert "freeze the card" not in page and ">400-000-0000</bdi> to have the card frozen" in page
    assert ended != ("/transactions/" in page)


@pytest.mark.parametrize("loss", [freeze_card, report_lost])
def test_nobody_is_told_to_have_a_card_frozen_that_is(person: Client, card: Card, loss: Any) -> None:
    come_in(card, record(card, noon(), -900_000))
    loss(card_id=card.pk, reason="lost", actor=Actor.cardholder(None), channel=Via.WEB)
    page = read(person)
    assert "is above your limit" in page
    assert "freeze the card" not in page and "to have the card frozen" not in page


def test_none_yet(person: Client, card: Card) -> None:
    assert "There are no alerts yet" in read(person)


def test_a_page_takes_as_many_queries_for_twenty_alerts_as_for_one(
    person: Client, card: Card, django_assert_num_queries: Any
) -> None:
    come_in(card, record(card, noon(), -900_000))
    read(person)
    for more in (0, 19):
        for n in range(more):
            come_in(card, record(card, noon() - timedelta(hours=n), -900_000))
        # session and its row, account, alerts, cards of the account, unread
        with django_assert_num_queries(6):
            person.get("/alerts/")


def test_settings_begin_with_what_counts_and_keep_what_is_chosen(person: Client, user: User, card: Card) -> None:
    come_in(card, record(card, noon(), currency="HKD", balance=5))
    page = read(person, "/alerts/settings/")
    assert "My limit (HK$)" in page and 'value="1000"' in page
    assert "cannot be switched off" in page
    person.post(
        "/alerts/settings/",
        {
            "amount": ["sms"],
            "limit": "2,500.5",
            "abroad": [],
            "night": ["page", "email"],
            "night_from": "22",
            "night_until": "5",
            "repeats": [],
            "many": "5",
            "first": ["page"],
        },
    )
    kept = AlertSettings.objects.get(user=user)
    assert (kept.limit, kept.currency, kept.night_from, kept.night_until, kept.repeats) == (250_050, "HKD", 22, 5, 5)
    assert kept.told == {
        "amount": ["page", "sms"],
        "abroad": [],
        "night": ["page", "email"],
        "repeats": [],
        "first": ["page"],
    }
    page = read(person, "/alerts/settings/")
    assert "Your alert settings are saved" in page and 'value="2500.50"' in page


@pytest.mark.parametrize("limit", ["", "0", "-5", "abc", "1.005", "1e3", "12345678901"])
def test_a_limit_that_is_no_amount_is_asked_for_again_with_all_that_was_ticked(
    person: Client, user: User, limit: str
) -> None:
    read(person, "/alerts/settings/")
    sent: dict[str, Any] = {**EVERYWHERE, "limit": limit, "night_from": "1", "night_until": "5", "many": "2"}
    answer = person.post("/alerts/settings/", sent)
    assert (answer.status_code, answer["Location"]) == (303, "/alerts/settings/?e=1#errors")
    page = read(person, "/alerts/settings/?e=1")
    assert "Enter your limit as an amount, like 500 or 99.50" in page
    assert page.count(" checked") == 15
    assert not AlertSettings.objects.filter(user=user).exists()
    person.post("/alerts/settings/", {**sent, "limit": "750"})
    page = read(person, "/alerts/settings/")
    assert "Your alert settings are saved" in page and 'value="750"' in page


def test_a_night_of_no_hours_is_refused_where_it_is_to_be_told_of(person: Client, user: User) -> None:
    sent: dict[str, Any] = {**EVERYWHERE, "limit": "750", "night_from": "23", "night_until": "23", "many": "2"}
    person.post("/alerts/settings/", sent)
    assert "Choose another hour for the end" in read(person, "/alerts/settings/?e=1")
    person.post("/alerts/settings/", {**sent, "night": []})
    assert AlertSettings.objects.get(user=user).night_until == 23


@pytest.mark.parametrize("tampered", [{"amount": ["fax"]}, {"night_from": "24"}, {"many": "1"}])
def test_what_was_never_offered_is_refused(person: Client, user: User, tampered: dict[str, Any]) -> None:
    sent: dict[str, Any] = {**EVERYWHERE, "limit": "5", "night_from": "1", "night_until": "5", "many": "2"}
    assert person.post("/alerts/settings/", {**sent, **tampered})["Location"].endswith("?e=1#errors")
    assert not AlertSettings.objects.filter(user=user).exists()


@pytest.mark.parametrize("address", ["/alerts/", "/alerts/settings/"])
def test_signed_out_one_is_led_to_signing_in(address: str) -> None:
    assert Client().get(address).status_code == 303
    assert Client().post(address).status_code in (303, 403)

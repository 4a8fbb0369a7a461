"""Guessing the passwords of staff."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import StaffFactory
from desk.sign_in import BY_NAME, PasswordForm
from desk.site import DeskSite
from desk.tests.conftest import SignIn
from vault import limits
from vault.models import Counter

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
RIGHT, WRONG = "correct horse battery staple", "wrong horse battery staple"
WAIT = "Too many tries. Try again after"
NOT_RIGHT = "Please enter the correct username and password"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    StaffFactory.create(username="zhang.wei")
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def sign_in(name: str, password: str, address: str = "203.0.113.7") -> str:
    """What somebody is told; empty for who is in."""
    client = Client(headers={"accept-language": "en"}, REMOTE_ADDR=address)
    answer = client.post(reverse("admin:login"), {"username": name, "password": password})
    return "" if answer.status_code == 302 else answer.content.decode()


def guess(times: int, name: str = "zhang.wei", address: str = "203.0.113.7") -> list[str]:
    return [sign_in(name, WRONG, address) for _guess in range(times)]


def test_ten_wrong_passwords_lock_a_name_for_a_quarter_of_an_hour(clock: time_machine.Traveller) -> None:
    told = guess(10)
    assert all(NOT_RIGHT in text and WAIT not in text for text in told[:9])
    assert f"{WAIT} 20:15" in told[9]
    clock.shift(timedelta(minutes=14))
    assert f"{WAIT} 20:15" in sign_in("zhang.wei", RIGHT, "198.51.100.7")
    clock.shift(timedelta(minutes=1))
    assert sign_in("zhang.wei", RIGHT) == ""


def test_who_was_idle_too_long_reads_why_and_that_nothing_was_done(
    signed_in: SignIn, clock: time_machine.Traveller
) -> None:
    client, home = signed_in("agent"), reverse("admin:index")
    assert client.get(home).status_code == 200
    clock.shift(timedelta(minutes=17))
    again = client.post(home, follow=True)
    assert again.redirect_chain[0][0].startswith(reverse("admin:login"))
    assert "You have been signed out: staff are after 15 minutes without activity" in again.text
    assert "What you sent was not done." in again.text
    assert "You have been signed out" not in client.get(home, follow=True).text, "said once"
    assert "You have been signed out" not in Client().get(home, follow=True).text, "nor to a stranger"


def test_the_page_for_signing_in_can_be_read_in_another_language_and_leads_on_to_the_same_page() -> None:
    asked = reverse("admin:cards_card_changelist") + "?state=active"
    client = Client(headers={"accept-language": "en"})
    page = client.get(asked, follow=True)
    link = re.search(r'href="(\?lang=zh-hans[^"]*)"', page.text)
    assert link
    chinese = client.get(reverse("admin:login") + unescape(link[1]), follow=True)
    assert "用户名" in chinese.text and f'name="next" value="{asked}"' in chinese.text


class Unlimited(AdminAuthenticationForm):
    """Django's own."""


class CountedAfterwards(PasswordForm):
    """Looks at the password first, and counts those that were wrong."""

    def clean(self) -> dict[str, Any]:
        try:
            return AdminAuthenticationForm.clean(self)
        except Exception:
            limits.count_all([(BY_NAME, self.cleaned_data["username"])])
            raise


@pytest.mark.parametrize("naive", [Unlimited, CountedAfterwards])
def test_without_the_count_before_it_the_right_password_is_found(naive: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DeskSite, "login_form", naive)
    guess(12)
    assert sign_in("zhang.wei", RIGHT) == ""
    monkeypatch.setattr(DeskSite, "login_form", PasswordForm)
    guess(10, "li.na")
    assert WAIT in sign_in("li.na", RIGHT)


def test_a_name_that_nobody_has_is_answered_alike_and_kept_nowhere_in_clear() -> None:
    told = [
        [text.replace(name, "NAME") for text in guess(11, name, address)]
        for name, address in (("zhang.wei", "203.0.113.7"), ("nobody.here", "198.51.100.7"))
    ]
    told = [[without_token(text) for text in texts] for texts in told]
    assert told[0] == told[1]
    assert "zhang" not in str(list(Counter.objects.values()))


def without_token(text: str) -> str:
    before, _name, after = text.partition('name="csrfmiddlewaretoken" value="')
    return before + after.partition('"')[2]


def test_a_right_password_costs_nothing() -> None:
    guess(9)
    assert [sign_in("zhang.wei", RIGHT) for _time in range(12)] == [""] * 12


def test_whoever_guesses_from_one_address_locks_three_names_and_no_more() -> None:
    for n in range(4):
        guess(10, f"name{n}")
    assert WAIT in sign_in("zhang.wei", RIGHT)
    assert limits.peek(BY_NAME, "name2").left == 0
    assert limits.peek(BY_NAME, "name3").tries == 0
    assert sign_in("zhang.wei", RIGHT, "203.0.113.8") == ""


@pytest.mark.parametrize("role", ["supervisor", "auditor"])
def test_the_log_says_whose_name_was_locked_once_and_from_where(signed_in: SignIn, role: str) -> None:
    guess(15)
    guess(10, "nobody.here", "198.51.100.7")
    entry = LogEntry.objects.get()
    page = signed_in(role).get(reverse("admin:admin_logentry_change", args=[entry.pk])).text
    assert "zhang.wei" in page
    assert "Sign-in locked for 15 minutes after too many wrong passwords, the last from 203.0.113.0/24." in page

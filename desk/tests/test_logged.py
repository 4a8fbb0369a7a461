"""The log of what staff write by hand tells what each value was and became."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django import forms
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import StaffFactory
from cards.models import Programme
from desk.logged import BEFORE, LONGEST, both_kept, values_of
from desk.tests import test_gateways, test_programmes
from desk.tests.conftest import SignIn
from desk.tests.pages import list_of, page_of
from messaging.models import Destination, GatewayRate, GatewaySender, ProviderTemplate

pytestmark = pytest.mark.django_db
three_gateways = test_gateways.three_gateways

CHANGES: list[tuple[type[Model], dict[str, Any], str]] = [
    (
        Destination,
        {"allowed": "", "gateways": "aliyun", "hourly_budget": "", "daily_budget": "900"},
        "allowed: yes → no; gateways: twilio, aliyun → aliyun; text messages and calls an hour: 10 → (empty); "
        "text messages and calls a day: (empty) → 900",
    ),
    (GatewayRate, {"per_second": "5"}, "20.0 → 5.0"),
    (GatewaySender, {"sender": "某学院"}, "sender: 某大学 → 某学院"),
    (ProviderTemplate, {"template_id": "SMS_2"}, "SMS_1 → SMS_2"),
]


def told(client: Client) -> str:
    """The newest line of the log."""
    page = client.get(page_of(LogEntry.objects.latest("pk"))).text
    return page[page.index("What was done") :]


@pytest.mark.parametrize("model, changes, sentence", CHANGES)
def test_what_is_said_to_gateways_is_logged_with_what_it_was(
    signed_in: SignIn, model: Any, changes: dict[str, Any], sentence: str
) -> None:
    name = model._meta.model_name
    assert test_gateways.add(signed_in, name)[0] == 302
    row, operator = model.objects.get(), signed_in("operator")
    assert operator.post(page_of(row), test_gateways.GIVEN[name] | changes).status_code == 302
    assert sentence in told(signed_in("auditor"))
    history = reverse(f"admin:messaging_{name}_history", args=[row.pk])
    assert sentence in operator.get(history).text


def test_a_programme_is_logged_with_what_it_was_in_the_language_of_the_reader(signed_in: SignIn) -> None:
    client = signed_in("operator")
    assert test_programmes.add(client) == ""
    changes = {"hotline": "95588", "time_zone": "Asia/Urumqi", "names_en": "Reader's card"}
    programme = Programme.objects.get(code="library")
    assert client.post(page_of(programme), test_programmes.GIVEN | changes).status_code == 302
    auditor = signed_in("auditor")
    english = told(auditor)
    assert "time zone: Asia/Shanghai → Asia/Urumqi" in english and "→ 95588" in english
    assert "en: Reader&#x27;s card, zh-hans: 借书证" in english
    auditor.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
    page = auditor.get(list_of(LogEntry)).text
    assert "时区：Asia/Shanghai → Asia/Urumqi" in page


@pytest.mark.parametrize(
    "value, kept",
    [
        (None, ""),
        ([], ""),
        (False, False),
        (0, "0"),
        (["a", "b"], "a, b"),
        ({"sms": {"digits": 6}}, '{"sms": {"digits": 6}}'),
        (datetime(2027, 1, 1, 0, 0, tzinfo=UTC), "2027-01-01 08:00 +0800"),
        ("x" * LONGEST, "x" * LONGEST),
    ],
)
def test_a_value_is_kept_as_text_and_no_longer_than_a_line(value: Any, kept: Any) -> None:
    assert both_kept(value, value) == (kept, kept)


def test_of_long_values_the_part_is_kept_by_which_they_differ() -> None:
    rows = [{"names": {"en": f"Use {number}"}, "opens": "at_once"} for number in range(5)]
    changed = [*rows[:3], {**rows[3], "names": {"en": "Cash"}}, rows[4]]
    old, new = both_kept(rows, changed)
    assert str(old).startswith("…") and "Use 3" in str(old) and "Cash" in str(new)
    assert len(str(old)) == len(str(new)) == LONGEST
    shorter, longer = both_kept("x" * 150, "x" * 151)
    assert (shorter, longer) == ("…" + "x" * BEFORE, "…" + "x" * (BEFORE + 1))


def test_nothing_encrypted_and_nothing_typed_behind_dots_is_kept() -> None:
    class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
        username = forms.CharField(widget=forms.PasswordInput)

        class Meta:
            model = User
            fields = ("username", "phone", "language")

    staff = StaffFactory.create(phone="+8613800138000", language="en")
    form = AccountForm({"username": "canary", "phone": "+8613900139000", "language": "zh-hans"}, instance=staff)
    assert form.is_valid() and form.changed_data == ["username", "phone", "language"]
    assert values_of(form) == [None, None, ("en", "zh-hans")]

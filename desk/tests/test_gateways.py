"""Operators say where messages go and what gateways are told; what is wrong is said in words."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import Settings

from cards.tests.factories import ProgrammeFactory
from desk.tests.conftest import SignIn
from messaging.models import Destination, GatewayRate, GatewaySender, ProviderTemplate

MODELS: list[Any] = [Destination, GatewayRate, GatewaySender, ProviderTemplate]
GIVEN: dict[str, dict[str, Any]] = {
    "destination": {"prefix": "+852", "allowed": "on", "gateways": "twilio，aliyun", "hourly_budget": "10"},
    "gatewayrate": {"gateway": "aliyun", "per_second": "20"},
    "gatewaysender": {"programme_code": "campus", "gateway": "aliyun", "sender": "某大学"},
    "providertemplate": {
        "programme_code": "",
        "gateway": "aliyun",
        "kind": "activation_code",
        "language": "zh-hans",
        "template_id": "SMS_1",
        "params": "code, minutes",
    },
}


@pytest.fixture(autouse=True)
def three_gateways(settings: Settings, db: None) -> None:
    settings.SMS_URL = "aliyun://a:b@h/ twilio://a:b@h/"
    settings.VOICE_URL = "https://voice.example.com/"
    ProgrammeFactory.create(code="campus")


def add(signed_in: SignIn, model: str, role: str = "operator", **changes: Any) -> tuple[int, str]:
    """Post a new row: the status, and the page if it was not taken."""
    answer = signed_in(role).post(reverse(f"admin:messaging_{model}_add"), GIVEN[model] | changes)
    return answer.status_code, answer.content.decode()


def test_operators_write_each_of_them(signed_in: SignIn) -> None:
    for model in GIVEN:
        assert add(signed_in, model)[0] == 302, model
    destination = Destination.objects.get()
    assert (destination.prefix, destination.gateways, destination.hourly_budget) == ("+852", ["twilio", "aliyun"], 10)
    assert GatewayRate.objects.get().per_second == 20
    assert str(GatewaySender.objects.get()) == "campus aliyun"
    template = ProviderTemplate.objects.get()
    assert (template.programme_code, template.template_id, template.params) == ("", "SMS_1", ["code", "minutes"])


@pytest.mark.parametrize("role", ["agent", "supervisor", "auditor"])
def test_others_only_look(role: str, signed_in: SignIn) -> None:
    for model in GIVEN:
        assert add(signed_in, model)[0] == 302
    client = signed_in(role)
    for written in MODELS:
        row, name = written.objects.get(), written.__name__.lower()
        page = reverse(f"admin:messaging_{name}_change", args=[row.pk])
        assert client.get(page).status_code == 200
        assert client.get(reverse(f"admin:messaging_{name}_changelist")).status_code == 200
        assert client.post(page, GIVEN[name]).status_code == 403
        assert client.post(page.replace("change/", "delete/"), {"post": "yes"}).status_code == 403
        assert add(signed_in, name, role)[0] == 403


@pytest.mark.parametrize(
    ("model", "changes", "sentence"),
    [
        ("destination", {"gateways": "aliyn"}, "No gateway is called “aliyn”. By SMS_URL, VOICE_URL and"),
        ("destination", {"gateways": "twilio aliyn"}, "there are: aliyun, twilio, voice."),
        ("destination", {"gateways": "["}, "No gateway is called “[”."),
        ("destination", {"prefix": "0086"}, "Write + and the digits of the country, like +86."),
        ("destination", {"hourly_budget": "100", "daily_budget": "5"}, "An hour cannot have more than the whole day."),
        ("gatewayrate", {"gateway": "smtp9"}, "No gateway is called “smtp9”."),
        ("gatewayrate", {"per_second": "0"}, "greater than or equal to 0.01"),
        ("gatewaysender", {"gateway": "tencent"}, "No gateway is called “tencent”."),
        ("gatewaysender", {"programme_code": "nowhere"}, "nowhere is not one of the available choices"),
        ("providertemplate", {"kind": "nothing"}, "nothing is not one of the available choices"),
        ("providertemplate", {"params": "code; minutes"}, "The name of a variable has letters, digits and _ only"),
    ],
)
def test_a_mistake_is_said_beside_its_field(
    model: str, changes: dict[str, Any], sentence: str, signed_in: SignIn
) -> None:
    status, page = add(signed_in, model, **changes)
    assert status == 200 and sentence in page


def test_the_same_again_is_refused_in_words(signed_in: SignIn) -> None:
    add(signed_in, "gatewaysender")
    status, page = add(signed_in, "gatewaysender")
    assert status == 200 and "already exists" in page


def test_emptied_lists_are_empty_lists(signed_in: SignIn) -> None:
    assert add(signed_in, "destination", gateways="")[0] == add(signed_in, "providertemplate", params="")[0] == 302
    assert Destination.objects.get().gateways == [] and ProviderTemplate.objects.get().params == []


def test_a_gateway_for_email_has_a_rate_but_reaches_no_number(signed_in: SignIn) -> None:
    assert add(signed_in, "gatewayrate", gateway="locmem")[0] == 302
    assert add(signed_in, "destination", gateways="locmem")[0] == 200


def test_what_is_there_is_shown_as_it_is_typed(signed_in: SignIn) -> None:
    add(signed_in, "destination")
    page = reverse("admin:messaging_destination_change", args=[Destination.objects.get().pk])
    html = signed_in("operator").get(page).content.decode()
    assert 'value="twilio, aliyun"' in html and "with commas between them: aliyun, twilio, voice." in html


def test_lists_tell_kinds_and_programmes_in_words(signed_in: SignIn) -> None:
    add(signed_in, "providertemplate")
    page = signed_in("auditor").get(reverse("admin:messaging_providertemplate_changelist")).content.decode()
    assert "Activation code" in page and "All others" in page and "activation_code" not in page


def test_the_list_tells_what_counts_without_a_row(signed_in: SignIn) -> None:
    client, address = signed_in("agent"), reverse("admin:messaging_destination_changelist")
    usual = "+86 is allowed without a row of its own: 20,000 text messages and calls an hour and 200,000 a day"
    page = client.get(address).content.decode()
    assert usual in page and "Nothing is sent to countries that are not named here." in page
    Destination.objects.create(prefix="+86", hourly_budget=5)
    assert "without a row of its own" not in client.get(address).content.decode()


def test_only_a_stopped_destination_has_a_moment_to_empty(signed_in: SignIn) -> None:
    client = signed_in("operator")
    assert "tripped_at" not in client.get(reverse("admin:messaging_destination_add")).content.decode()
    given = {"tripped_at_0": "2026-11-26", "tripped_at_1": "10:00"}
    assert add(signed_in, "destination", **given)[0] == 302
    row = Destination.objects.get()
    page = reverse("admin:messaging_destination_change", args=[row.pk])
    assert client.post(page, GIVEN["destination"] | given).status_code == 302
    row.refresh_from_db()
    assert row.tripped_at is None
    Destination.objects.update(tripped_at=datetime(2026, 11, 26, tzinfo=UTC))
    assert 'name="tripped_at_0"' in client.get(page).content.decode()
    assert "You can only empty it." in client.post(page, GIVEN["destination"] | given).content.decode()


def test_a_stopped_destination_stays_so_or_is_opened(signed_in: SignIn) -> None:
    stopped_at = datetime(2026, 11, 26, 2, 0, 1, 5, tzinfo=UTC)
    row = Destination.objects.create(prefix="+852", tripped_at=stopped_at)
    page = reverse("admin:messaging_destination_change", args=[row.pk])
    same = {"tripped_at_0": "2026-11-26", "tripped_at_1": "10:00:01"}
    for given, expected in ((same, stopped_at), ({}, None)):
        assert signed_in("operator").post(page, GIVEN["destination"] | given).status_code == 302
        row.refresh_from_db()
        assert row.tripped_at == expected

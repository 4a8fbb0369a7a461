"""What was typed is kept until it is accepted, and nothing that is secret."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from pages.drafts import MOST
from pages.fields import OtpField
from pages.tests.dom import dom

pytestmark = [pytest.mark.django_db, pytest.mark.urls("pages.tests.sample")]

MISTYPED = {"card_number": "6200000000000007", "code": "7391"}
SECRETS = {"pin": "918273", "pin2": "918274", "otp": "048392x"}


def value(client: Client, address: str, name: str) -> str | None:
    return dom(client.get(address).content).by_id(f"id_{name}").attrs.get("value")


def test_back_and_reload_show_what_was_typed(client: Client) -> None:
    client.post("/sample/", MISTYPED)
    assert value(client, "/sample/?e=1", "code") == MISTYPED["code"]
    assert value(client, "/sample/?e=1", "code") == MISTYPED["code"]
    assert value(client, "/sample/", "code") == MISTYPED["code"]
    assert not dom(client.get("/sample/").content).all(id="errors"), "mistakes are told only after sending"


def test_a_draft_belongs_to_its_page(client: Client) -> None:
    client.post("/sample/", MISTYPED)
    assert not dom(client.get("/every/?e=1").content).all(id="errors")


def test_a_draft_lives_twenty_minutes(client: Client) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        client.post("/sample/", MISTYPED)
        clock.move_to(start + timedelta(minutes=19, seconds=59))
        assert value(client, "/sample/?e=1", "code") == MISTYPED["code"]
        clock.move_to(start + timedelta(minutes=20, seconds=1))
        page = dom(client.get("/sample/?e=1").content)
        assert "value" not in page.by_id("id_code").attrs
        assert not page.all(id="errors")


def test_a_session_holds_eight_drafts_at_most(client: Client) -> None:
    client.post("/sample/", MISTYPED)
    session = client.session
    session["drafts"] = {f"/{n}/": session["drafts"]["/sample/"] for n in range(MOST + 3)}
    session.save()
    client.post("/sample/", MISTYPED)
    assert len(client.session["drafts"]) == MOST
    assert list(client.session["drafts"])[-1] == "/sample/"


def test_secrets_are_neither_kept_nor_shown_again(client: Client) -> None:
    client.post("/every/", {**SECRETS, "name": "王小明"})
    kept = str(dict(client.session))
    page = client.get("/every/?e=1").content.decode()
    assert "王小明" in kept
    assert "王小明" in page
    for secret in SECRETS.values():
        assert secret not in kept
        assert secret not in page
    assert "Security code must only include numbers" in page
    assert "The two PINs do not match" in page


@pytest.mark.parametrize("code", ["048392", "７３９１—０２６４ ８８５２"])
def test_a_code_that_could_be_one_is_not_kept(client: Client, code: str) -> None:
    client.post("/sample/", {"card_number": "", "code": code})
    assert "code" not in client.session["drafts"]["/sample/"]["typed"]
    assert value(client, "/sample/?e=1", "code") is None


def test_a_mistyped_code_is_kept_to_be_corrected(client: Client) -> None:
    client.post("/sample/", {"card_number": "", "code": "7391 0264 8853"})
    assert value(client, "/sample/?e=1", "code") == "7391 0264 8853"


def test_a_long_answer_is_kept_in_part(client: Client) -> None:
    client.post("/sample/", {"card_number": "6" * 5000, "code": ""})
    assert value(client, "/sample/?e=1", "card_number") == "6" * 300


def test_a_secret_that_was_not_marked_would_be_kept(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OtpField, "secret", False)
    client.post("/every/", SECRETS)
    assert SECRETS["otp"] in str(dict(client.session))
    assert SECRETS["otp"] in client.get("/every/?e=1").content.decode()

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import User
from cards.models import Card, Programme
from cards.tests.factories import CardFactory
from desk.actions import ACTIONS
from desk.roles import ROLES, make_roles
from desk.tests.conftest import SignIn
from desk.tests.pages import list_of, page_of, tell_story

HELP = {"send-code", "revoke-code", "suspend", "allow-unfreezing", "stop-new-pin", "end-help"}
MAY: dict[str, set[str]] = {
    "agent": HELP,
    "supervisor": HELP,
    "operator": {"send-code", "revoke-code", "terminate", "report-lost", "name-replacement", "take-back-replacement"},
    "auditor": set(),
    "superuser": HELP | {"terminate", "report-lost", "name-replacement", "take-back-replacement"},
}


def stored(row: Model) -> dict[str, Any]:
    """Every column of the row, the sealed ones as bytes."""
    values = type(row)._default_manager.filter(pk=row.pk).values().get()
    return {name: getattr(value, "data", value) for name, value in values.items()}


@pytest.mark.parametrize("role", MAY)
def test_role_sees_and_does_what_is_its_own(signed_in: SignIn, role: str) -> None:
    card, client = CardFactory.create(), signed_in(role)
    html = client.get(page_of(card)).content.decode()
    for action in ACTIONS:
        address = reverse("admin:cards_card_act", args=[card.pk, action.slug])
        allowed = action.slug in MAY[role]
        assert allowed or address not in html
        assert client.get(address).status_code == (200 if allowed else 403)
        if not allowed:
            assert client.post(address, {"reason": "lost", "sure": "on"}).status_code == 403
            posted = {"action": action.slug, "_selected_action": [str(card.pk)]}
            assert "/do/" not in client.post(list_of(Card), posted).get("Location", "")
    card.refresh_from_db()
    assert card.state == "pending_activation" and not card.events.exists()


@pytest.mark.parametrize("role", MAY)
def test_nobody_writes_what_is_read_only(signed_in: SignIn, role: str) -> None:
    story, client = tell_story(), signed_in(role)
    for row in story.rows[1:]:
        before = stored(row)
        assert client.post(page_of(row), {"state": "active", "number": "1", "_save": "1"}).status_code == 403
        assert client.get(page_of(row).replace("change/", "delete/")).status_code == 403
        assert client.post(page_of(row).replace("change/", "delete/"), {"post": "yes"}).status_code == 403
        assert client.post(f"{list_of(row)}add/", {"number": "1"}).status_code == 403
        assert stored(row) == before


@pytest.mark.parametrize("role, status", [("agent", 403), ("supervisor", 403), ("auditor", 403), ("operator", 200)])
def test_programmes_are_written_by_operators(signed_in: SignIn, role: str, status: int) -> None:
    client = signed_in(role)
    address = reverse("admin:cards_programme_add")
    assert client.get(address).status_code == client.post(address, {}).status_code == status
    assert not Programme.objects.exists()


def test_cardholder_and_stranger_see_no_desk(client: Client, signed_in: SignIn) -> None:
    card = CardFactory.create()
    for address in (reverse("admin:index"), page_of(card), list_of(card)):
        answer = client.get(address)
        assert answer.status_code == 302 and "/admin/login/" in answer["Location"]
    holder = User.objects.create(phone="+8613800000009")
    client.force_login(holder, backend="accounts.backends.OneTimeCodeBackend")
    assert client.get(page_of(card)).status_code == 302


def test_staff_without_a_role_see_nothing_of_a_card(signed_in: SignIn) -> None:
    card, client = CardFactory.create(), signed_in("agent")
    User.objects.get(pk=client.session["_auth_user_id"]).groups.clear()
    assert client.get(page_of(card)).status_code == client.get(list_of(card)).status_code == 403


def test_migrating_again_mends_a_role(db: None) -> None:
    agents = Group.objects.get(name="agent")
    before = set(agents.permissions.values_list("codename", flat=True))
    assert before == {name.partition(".")[2] for name in ROLES["agent"]}
    agents.permissions.clear()
    make_roles(apps.get_app_config("desk"))
    assert set(agents.permissions.values_list("codename", flat=True)) == before


def test_superuser_made_on_the_command_line_signs_in(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "correct horse battery staple")
    call_command("createsuperuser", interactive=False, username="boss", verbosity=0)
    posted = {"username": "boss", "password": "correct horse battery staple", "next": "/admin/"}
    answer = client.post(reverse("admin:login"), posted)
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert "/admin/cards/card/" in client.get("/admin/").content.decode()

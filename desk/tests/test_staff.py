"""Staff are added, given roles and switched off at the desk, by who may."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import UserFactory
from desk.models import Staff
from desk.tests.conftest import SignIn, staff_as

PASSWORD = "a long enough sentence 7"
LIST, ADD = reverse("admin:desk_staff_changelist"), reverse("admin:desk_staff_add")
ROLES = ("agent", "supervisor", "operator", "auditor")


def page(staff: User) -> str:
    return reverse("admin:desk_staff_change", args=[staff.pk])


def groups(*roles: str) -> list[int]:
    return list(Group.objects.filter(name__in=roles).values_list("pk", flat=True))


def added(client: Client, *roles: str, **changes: str) -> Any:
    posted = {"username": "zhang.wei", "password1": PASSWORD, "password2": PASSWORD, **changes}
    return client.post(ADD, {**posted, "groups": groups(*roles)})


def roles_of(staff: User) -> set[str]:
    return set(staff.groups.values_list("name", flat=True))


@pytest.mark.parametrize("role", ["superuser", "supervisor"])
def test_who_is_added_with_a_role_signs_in_and_has_it(signed_in: SignIn, role: str) -> None:
    assert added(signed_in(role), "agent").status_code == 302
    staff = User.objects.get(username="zhang.wei")
    assert (staff.is_staff, staff.is_superuser, roles_of(staff)) == (True, False, {"agent"})
    client = Client(headers={"accept-language": "en"})
    answer = client.post(reverse("admin:login"), {"username": "zhang.wei", "password": PASSWORD, "next": "/admin/"})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert client.get(reverse("admin:cards_card_changelist")).status_code == 200


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"username": ""}, "Fill in “Username”."),
        ({"username": "Staff-A"}, "already exists"),
        ({"password1": "short", "password2": "short"}, "at least 12 characters"),
        ({"password1": "administrator", "password2": "administrator"}, "too common"),
        ({"password1": "zhang.wei.2026", "password2": "zhang.wei.2026"}, "too similar"),
        ({"password2": "another long sentence 7"}, "match"),
    ],
)
def test_mistake_is_told_and_nobody_is_added(signed_in: SignIn, changes: dict[str, str], words: str) -> None:
    client = signed_in("superuser")
    Staff.objects.create_user("staff-a", PASSWORD, is_staff=True)
    before = User.objects.count()
    assert words in added(client, "agent", **changes).content.decode()
    assert User.objects.count() == before


@pytest.mark.parametrize("role", ["supervisor", "operator", "auditor"])
def test_supervisor_gives_no_role_but_agent(signed_in: SignIn, role: str) -> None:
    client, agent = signed_in("supervisor"), staff_as("agent")
    assert "is not one of the available choices" in added(client, role).content.decode()
    assert not User.objects.filter(username="zhang.wei").exists()
    posted = {"username": agent.username, "is_active": "on", "groups": groups("agent", role)}
    assert client.post(page(agent), posted).status_code == 200
    assert roles_of(agent) == {"agent"}


@pytest.mark.parametrize("role", ["supervisor", "operator", "auditor", "superuser"])
def test_supervisor_changes_nobody_who_may_do_more(signed_in: SignIn, role: str) -> None:
    client, other = signed_in("supervisor"), staff_as(role)
    assert client.post(page(other), {"username": "mallory", "groups": groups("agent")}).status_code == 403
    passwords = {"password1": PASSWORD, "password2": PASSWORD}
    assert client.post(page(other).replace("change/", "password/"), passwords).status_code == 403
    kept = User.objects.get(pk=other.pk)
    assert (kept.username, kept.password, roles_of(kept)) == (other.username, other.password, roles_of(other))


@pytest.mark.parametrize("role", ["superuser", "supervisor"])
def test_nobody_changes_their_own_roles(signed_in: SignIn, role: str) -> None:
    client = signed_in(role)
    own = User.objects.get(pk=client.session["_auth_user_id"])
    assert client.post(page(own), {"username": own.username, "groups": groups(*ROLES)}).status_code == 403
    assert roles_of(own) == ({"supervisor"} if role == "supervisor" else set())


def test_superuser_gives_and_takes_every_role(signed_in: SignIn) -> None:
    client, staff = signed_in("superuser"), staff_as("agent")
    for roles in (set(ROLES), {"auditor"}, set()):
        posted = {"username": staff.username, "is_active": "on", "groups": groups(*roles)}
        assert client.post(page(staff), posted).status_code == 302
        assert roles_of(staff) == roles


def test_switched_off_staff_are_out_at_once(signed_in: SignIn) -> None:
    theirs = signed_in("agent")
    agent = User.objects.get(pk=theirs.session["_auth_user_id"])
    assert theirs.get(reverse("admin:index")).status_code == 200
    posted = {"username": agent.username, "groups": groups("agent")}
    assert signed_in("supervisor").post(page(agent), posted).status_code == 302
    assert theirs.get(reverse("admin:index")).status_code == 302


def test_new_password_replaces_the_old_one_and_ends_their_session(signed_in: SignIn) -> None:
    theirs = signed_in("agent")
    agent = User.objects.get(pk=theirs.session["_auth_user_id"])
    address = page(agent).replace("change/", "password/")
    boss = signed_in("supervisor")
    assert "password-based authentication" not in boss.get(address).content.decode()
    assert boss.post(address, {"password1": "", "password2": ""}).status_code == 200
    assert boss.post(address, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    assert theirs.get(reverse("admin:index")).status_code == 302
    assert User.objects.get(pk=agent.pk).check_password(PASSWORD)


@pytest.mark.parametrize(("role", "status"), [("agent", 403), ("operator", 403), ("auditor", 200)])
def test_others_change_nothing_and_see_no_password(signed_in: SignIn, role: str, status: int) -> None:
    client, staff = signed_in(role), staff_as("agent")
    assert client.get(LIST).status_code == client.get(page(staff)).status_code == status
    assert added(client, "agent").status_code == client.post(page(staff), {"username": "x"}).status_code == 403
    assert client.get(page(staff).replace("change/", "password/")).status_code == 403
    assert staff.password.split("$")[0] not in client.get(page(staff)).content.decode()


def test_cardholders_are_not_among_them_and_staff_are_never_deleted(signed_in: SignIn) -> None:
    client, holder, staff = signed_in("superuser"), UserFactory.create(), staff_as("agent")
    assert str(holder.pk) not in client.get(LIST).content.decode()
    assert client.get(page(holder)).status_code == 302
    posted = {"username": "mallory", "is_active": "on", "groups": groups(*ROLES)}
    assert client.post(page(holder), posted).status_code == 302
    assert not User.objects.get(pk=holder.pk).is_staff
    assert client.post(page(staff).replace("change/", "delete/"), {"post": "yes"}).status_code == 403


def test_search_box_of_a_list_that_cannot_be_searched_finds_cards(signed_in: SignIn) -> None:
    html = signed_in("superuser").get(LIST).content.decode()
    assert "Find a card" in html and 'name="list"' not in html


def test_roles_are_called_by_words(signed_in: SignIn) -> None:
    client, staff = signed_in("superuser"), staff_as("auditor")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
    for address in (LIST, page(staff)):
        assert "审计员" in client.get(address).content.decode()


def test_somebody_without_a_role_is_warned_of(signed_in: SignIn) -> None:
    client = signed_in("superuser")
    for roles in ((), ("agent",)):
        assert added(client, *roles, username=f"zhang-{len(roles)}").status_code == 302
        warned = f"“zhang-{len(roles)}” has no role" in client.get(reverse("admin:index")).content.decode()
        assert warned is (not roles)

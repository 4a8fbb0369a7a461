"""How long a session lasts, and how it ends."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PASSWORD = "correct horse battery staple"


def enter(client: Client, user: User) -> None:
    if user.is_staff:
        client.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    else:
        client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")


def is_signed_in(client: Client) -> bool:
    return client.get("/cards/").status_code == 200


@pytest.mark.parametrize(("factory", "idle"), [(UserFactory, 20 * MINUTE), (StaffFactory, 15 * MINUTE)])
def test_a_session_without_activity_ends(client: Client, factory: type[UserFactory], idle: timedelta) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        enter(client, factory.create())
        for _visit in range(3):
            clock.shift(idle - timedelta(seconds=1))
            assert is_signed_in(client)
        clock.shift(idle + MINUTE)
        assert not is_signed_in(client)


@pytest.mark.parametrize(("factory", "altogether"), [(UserFactory, 12 * HOUR), (StaffFactory, 10 * HOUR)])
def test_a_session_ends_however_active(client: Client, factory: type[UserFactory], altogether: timedelta) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        enter(client, factory.create())
        for _visit in range(int(altogether / (10 * MINUTE)) - 1):
            clock.shift(10 * MINUTE)
            assert is_signed_in(client)
        clock.shift(10 * MINUTE)
        assert not is_signed_in(client)


def test_who_was_signed_out_by_time_is_told_so_and_comes_back_to_their_page(client: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        enter(client, UserFactory.create())
        clock.shift(21 * MINUTE)
        address = client.get("/cards/")["Location"]
        assert address == "/account/sign-in/?next=%2Fcards%2F&ended=1"
        page = client.get(address).content.decode()
    assert "You have been signed out. Sign in to go on" in page
    assert 'action="/account/sign-in/?next=%2Fcards%2F"' in page


def test_nothing_of_an_ended_session_is_left(client: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        enter(client, UserFactory.create())
        session = client.session
        session["of the person"] = "something"
        session.save()
        clock.shift(21 * MINUTE)
        client.get("/cards/")
    assert "of the person" not in client.session


def test_every_page_of_a_signed_in_person_can_sign_out(client: Client) -> None:
    assert "/account/sign-out/" not in client.get("/help/").content.decode()
    enter(client, UserFactory.create())
    for address in ("/cards/", "/help/"):
        page = client.get(address).content.decode()
        assert '<form method="post" action="/account/sign-out/"' in page


def test_signing_out_is_a_post(client: Client) -> None:
    enter(client, UserFactory.create())
    assert client.get("/account/sign-out/").status_code == 303
    assert is_signed_in(client)
    answer = client.post("/account/sign-out/")
    assert (answer.status_code, answer["Location"]) == (303, "/account/sign-in/?signed-out=1")
    assert not is_signed_in(client)
    assert "You have signed out" in client.get(answer["Location"]).content.decode()


def test_signing_out_wants_the_token_of_the_page() -> None:
    strict = Client(enforce_csrf_checks=True)
    enter(strict, UserFactory.create())
    assert strict.post("/account/sign-out/").status_code == 403
    assert is_signed_in(strict)


def test_a_closed_account_is_signed_out_at_the_next_page(client: Client) -> None:
    user = UserFactory.create()
    enter(client, user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not is_signed_in(client)

"""Sign-ins beside each other and beside signing out everywhere, on PostgreSQL; without the lock, they go wrong."""

from typing import Any

import pytest
from django.utils import timezone

from accounts import services
from accounts.models import Device, User, UserSession
from accounts.signing_in import sessions
from accounts.tests.factories import UserFactory
from messaging.models import Message
from vault.tests.concurrency import at_once, while_uncommitted

pytestmark = pytest.mark.django_db(transaction=True)
BROWSER: dict[str, Any] = {"device_cookie": "c" * 43, "browser": "Chrome/Android", "network": ""}


def live() -> int:
    return UserSession.objects.live(timezone.now()).count()


def begin_beside_signing_out(user: User) -> None:
    """Sign in, but commit only when whoever signs out everywhere is through, or waits for us."""
    while_uncommitted(
        lambda: sessions.begin(user=user, at=timezone.now(), **BROWSER),
        lambda: services.sign_out_everywhere(user_id=user.pk),
    )


def test_a_sign_in_that_has_begun_is_ended_with_all_the_others(postgres: str) -> None:
    begin_beside_signing_out(UserFactory.create())
    assert live() == 0


def test_without_the_lock_of_the_account_it_stays(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.db.models.QuerySet.select_for_update", lambda self, **kwargs: self)
    begin_beside_signing_out(UserFactory.create())
    assert live() == 1


def test_one_new_device_is_one_device_and_told_once_to_each_contact(postgres: str) -> None:
    user = UserFactory.create()
    at_once(8, lambda _number: services.begin_session(user=user, **BROWSER))
    assert (live(), Device.objects.count(), Message.objects.filter(kind="new_device").count()) == (8, 1, 2)

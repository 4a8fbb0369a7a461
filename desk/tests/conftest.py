"""Staff of every role, signed in."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from accounts.tests.factories import StaffFactory

SignIn = Callable[[str], Client]


def staff_as(role: str) -> User:
    """A member of staff with a role, or "superuser"."""
    if role == "superuser":
        user: User = StaffFactory.create(is_superuser=True)
        return user
    user = StaffFactory.create()
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def signed_in(db: None) -> SignIn:
    """`signed_in("agent")`: a browser in which one of them has signed in."""

    def sign_in(role: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(staff_as(role), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in

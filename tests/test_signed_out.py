"""Whoever was signed out elsewhere, or whose account was closed, is out at the very next request, at every address."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.models import User, UserSession
from accounts.tests.factories import CardBindingFactory
from accounts.views.own_card import OwnCard
from accounts.views.signed_in import SignedInPage

pytestmark = pytest.mark.django_db


def signed_in_addresses(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """Every address, as it is written, whose view asks who is signed in."""
    for one in resolver.url_patterns:
        address = f"{before}{one.pattern}"
        if isinstance(one, URLResolver):
            yield from signed_in_addresses(one, address)
        elif isinstance(one, URLPattern) and issubclass(
            getattr(one.callback, "view_class", object), (SignedInPage, OwnCard)
        ):
            yield address


ADDRESSES = sorted(set(signed_in_addresses(get_resolver())))


def end_sessions(user: User) -> None:
    UserSession.objects.filter(user=user).update(ended_at=timezone.now())


def switch_off(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def forget_sessions(user: User) -> None:
    UserSession.objects.filter(user=user).delete()


def test_the_addresses_are_found() -> None:
    assert {"/cards/", "/account/devices/", "/account/activity/", "/cards/<uuid:card_id>/pin/"} <= {*ADDRESSES}
    assert len(ADDRESSES) >= 15


@pytest.mark.parametrize("end", [end_sessions, switch_off, forget_sessions])
def test_the_next_request_finds_nobody(client: Client, end: Callable[[User], None]) -> None:
    binding = CardBindingFactory.create()
    for address in ADDRESSES:
        path = address.replace("<uuid:card_id>", str(binding.card_id)).replace("<uuid:helper_id>", str(uuid4()))
        for ask in (client.get, client.post):
            client.force_login(binding.user, backend="accounts.backends.OneTimeCodeBackend")
            end(binding.user)
            answer = ask(path)
            assert (answer.status_code, answer["Location"].split("?")[0]) == (303, "/account/sign-in/"), address
            assert "_auth_user_id" not in client.session
            User.objects.update(is_active=True)

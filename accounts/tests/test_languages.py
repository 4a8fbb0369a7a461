"""Messages to an account are in the language that its holder has chosen by hand."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def language_of(user: User) -> str:
    return User.objects.values_list("language", flat=True).get(pk=user.pk)


def signed_in(user: User, accepts: str = "en") -> Client:
    client = Client(headers={"accept-language": accepts})
    client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    return client


def test_pressing_the_switch_is_remembered_with_the_account() -> None:
    user = UserFactory.create(language="en")
    client = signed_in(user)
    client.get("/cards/?lang=zh-hans")
    client.get("/cards/")
    assert language_of(user) == "zh-hans"
    client.get("/cards/?lang=en")
    client.get("/cards/")
    assert language_of(user) == "en"


def test_what_was_chosen_before_signing_in_counts_too() -> None:
    user = UserFactory.create(language="en")
    client = Client()
    client.get("/sign-in/?lang=zh-hans")
    client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    client.get("/cards/")
    assert language_of(user) == "zh-hans"


def test_a_browser_that_merely_prefers_a_language_changes_nothing() -> None:
    user = UserFactory.create(language="zh-hans")
    assert b'lang="en"' in signed_in(user).get("/cards/").content
    assert language_of(user) == "zh-hans"


@pytest.mark.parametrize("cookie", ["tlh", "", "en; drop"])
def test_a_language_that_there_is_not_changes_nothing(cookie: str) -> None:
    user = UserFactory.create(language="zh-hans")
    client = signed_in(user)
    client.cookies["lang"] = cookie
    assert client.get("/cards/").status_code == 200
    assert language_of(user) == "zh-hans"


def test_somebody_who_is_not_signed_in_changes_nobodys_language() -> None:
    user = UserFactory.create(language="en")
    Client().get("/cards/?lang=zh-hans")
    assert language_of(user) == "en"

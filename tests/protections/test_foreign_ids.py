"""Ids of somebody else are answered like ids that nobody has; and who is out is out within one request.

On every address there is: a new page is tried without being named.
"""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import CardHelper, User
from accounts.own_account import closing
from accounts.tests.adding import signed_in
from accounts.tests.factories import CardBindingFactory, UserFactory
from accounts.tests.losing import a_card
from activation.models import ActivationAttempt
from activation.tests.journey import at_pin
from cards.models import Card
from cards.tests.factories import CardFactory
from tests.protections.addresses import addresses, an_owner, arguments, asks_to_sign_in, names
from tests.protections.test_public_forms import TOKENS

pytestmark = pytest.mark.django_db

ABOUT_A_CARD = [name for name in names() if "card_id" in arguments(name)]
ABOUT_AN_ATTEMPT = [name for name in names() if "reference" in arguments(name)]
SIGNED_IN = [name for name in names() if asks_to_sign_in(name)]
OF_HELPERS = {"accounts:stop_helping"}
"""About a card that somebody else's account has, and lets this one see."""
NOBODYS = "ZZZZ-ZZZZ-ZZZZ"


@pytest.fixture(autouse=True)
def one_moment() -> Iterator[None]:
    """Answers that are compared say the same second."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


def seen(client: Client, method: str, path: str, named: str) -> tuple[Any, ...]:
    """The answer, without the id that was asked for."""
    answer: Any = client.get(path) if method == "GET" else client.post(path, {"via": "sms", "pin": "739146"})
    headers = {name: value.replace(named, "") for name, value in answer.items() if name != "X-Request-ID"}
    return answer.status_code, repr(headers), TOKENS.sub(b"", answer.content).replace(named.encode(), b"")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", ABOUT_A_CARD)
def test_a_card_of_somebody_else_is_answered_like_none(name: str, method: str) -> None:
    browser, (own, of_nobody) = an_owner()
    foreign = CardBindingFactory.create().card.pk
    free = CardFactory.create(state="active").pk
    paths = {card: addresses(name, [""], [card])[0] for card in (foreign, free, of_nobody)}
    answers = {seen(browser.client, method, path, str(card)) for card, path in paths.items()}
    (only,) = answers
    assert only[0] == 404
    mine = browser.client.get(addresses(name, [""], [own])[0])
    assert (mine.status_code == 404) == (name in OF_HELPERS), "its owner reaches it"


def helped() -> Card:
    """A card in its holder's account, with somebody else who helps."""
    card: Card = CardBindingFactory.create(card=CardFactory.create(state="active")).card
    CardHelper.objects.create(card=card, user=UserFactory.create(), place=1, since=timezone.now())
    return card


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", ABOUT_A_CARD)
def test_a_card_that_others_help_with_is_answered_like_none(name: str, method: str) -> None:
    mine, foreign, ended = helped(), helped(), helped()
    helper: User = UserFactory.create()
    now = timezone.now()
    CardHelper.objects.create(card=mine, user=helper, place=2, since=now)
    CardHelper.objects.create(card=ended, user=helper, place=2, since=now, ended_at=now)
    client = signed_in(helper).client
    helping = CardHelper.objects.live().count()
    paths = {card: addresses(name, [""], [card])[0] for card in (foreign.pk, ended.pk, uuid4())}
    (only,) = {seen(client, method, path, str(card)) for card, path in paths.items()}
    assert only[0] == 404
    assert CardHelper.objects.live().count() == helping
    if name in OF_HELPERS:
        assert client.get(addresses(name, [""], [mine.pk])[0]).status_code == 200, "the helper reaches it"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", ABOUT_AN_ATTEMPT)
def test_an_attempt_of_somebody_else_is_answered_like_none(name: str, method: str) -> None:
    at_pin(CardFactory.create())
    foreign = ActivationAttempt.objects.get().reference
    paths = zip(addresses(name, [foreign], [uuid4()]), addresses(name, [NOBODYS], [uuid4()]), strict=True)
    for of_somebody, of_nobody in paths:
        assert seen(Client(), method, of_somebody, foreign) == seen(Client(), method, of_nobody, NOBODYS)


def signs_out(client: Client, user: User) -> None:
    client.post(reverse("accounts:sign_out"))


def is_disabled(client: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def is_closed(client: Client, user: User) -> None:
    assert closing.close(user.pk)


@pytest.mark.parametrize("leave", [signs_out, is_disabled, is_closed])
@pytest.mark.parametrize("name", SIGNED_IN)
def test_who_is_out_is_out_within_one_request(name: str, leave: Callable[[Client, User], None]) -> None:
    card = a_card()
    user: User = UserFactory.create(phone=card.phone, email=card.email)
    CardBindingFactory.create(user=user, card=card)
    client = Client()
    client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    path = addresses(name, [""], [card.pk])[0]
    assert not is_sent_to_sign_in(client.get(path))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    leave(client, user)
    for send in (client.post, client.get):
        client.cookies[settings.SESSION_COOKIE_NAME] = session
        assert is_sent_to_sign_in(send(path))


def is_sent_to_sign_in(answer: Any) -> bool:
    return answer.status_code == 303 and answer["Location"].startswith(reverse("accounts:sign_in"))

"""Every address of the portal, out of its own table of addresses: a new page is tried without being named."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.tests.factories import CardBindingFactory, UserFactory
from accounts.tests.losing import a_card
from accounts.views.own_card import OwnCard
from accounts.views.signed_in import SignedInPage
from activation.steps import JOURNEY
from activation.tests.browser import Browser
from activation.tests.factories import issue
from activation.tests.journey import PIN
from cards.models import Card
from cards.tests.factories import CardFactory

OF_STAFF = {"admin"}
OF_MACHINES = {"messaging"}
"""No pages: providers call them, and `messaging/tests/test_receiving.py` tries what else may come there."""
PHONE = "13800138000"


def names() -> list[str]:
    """The names of all public addresses, such as `activation:enter-code`; those of staff stand behind a password."""
    return sorted(views())


def views() -> dict[str, Any]:
    """The view of each of them: a class of Django's, or a function."""
    return dict(_views(get_resolver().url_patterns, ""))


def takes_posts(name: str) -> bool:
    """Whether something can be sent to this address."""
    return hasattr(views()[name], "post")


def asks_to_sign_in(name: str) -> bool:
    """Whether only who is signed in sees the page of this name."""
    view = views()[name]
    return isinstance(view, type) and issubclass(view, SignedInPage | OwnCard)


def arguments(name: str) -> set[str]:
    """What an address of this name is made of, such as `card_id`."""
    return _arguments(get_resolver().url_patterns, "", name)


def addresses(name: str, references: list[str], card_ids: list[UUID]) -> list[str]:
    """The addresses of this name, for each attempt, step and card that it can be about."""
    slugs = [*(step.slug for step in JOURNEY), "no-such-step"]
    choices = [
        {"reference": reference, "slug": slug, "card_id": card_id, "code": "campus", "version": "0", "token": "zz"}
        for reference in references
        for slug in slugs
        for card_id in card_ids
    ]
    wanted = arguments(name)
    return sorted({reverse(name, kwargs={one: choice[one] for one in wanted}) for choice in choices})


def an_owner() -> tuple[Browser, list[UUID]]:
    """A browser of somebody who is signed in and has an active card. With it come its id, and one that nobody has."""
    card = a_card()
    user = UserFactory.create(phone=card.phone, email=card.email)
    CardBindingFactory.create(user=user, card=card)
    browser = Browser()
    browser.client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    return browser, [card.pk, uuid4()]


def somebody_everywhere() -> tuple[Browser, list[str]]:
    """A browser that may open every form: in one journey before the security code, in one at its end, and signing in.

    With it come the references of the journeys, and one that nobody has.
    """
    browser, references = Browser(), []
    for channel in ("letter", "email"):
        card: Card = CardFactory.create()
        browser.open("/activate/enter-code/")
        browser.fill(card_number=card.number, code=issue(card, channel).derive())
        references.append(browser.at.split("/")[2])
        browser.fill(name=card.holder_name, idno=card.id_number)
        if channel == "letter":
            browser.fill(phone=card.phone, via="sms")
        else:
            browser.fill(pin=PIN, pin2=PIN)
    browser.open("/account/sign-in/")
    browser.fill(ident=PHONE)
    return browser, [*references, "ZZZZ-ZZZZ-ZZZZ"]


def _views(patterns: list[URLPattern | URLResolver], namespace: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            if pattern.namespace not in OF_STAFF | OF_MACHINES:
                yield from _views(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{namespace}{pattern.name}", getattr(pattern.callback, "view_class", pattern.callback)


def _arguments(patterns: list[URLPattern | URLResolver], namespace: str, name: str) -> set[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            if name.startswith(inner) and (found := _arguments(pattern.url_patterns, inner, name)):
                return found
        elif f"{namespace}{pattern.name}" == name:
            return set(pattern.pattern.converters)
    return set()

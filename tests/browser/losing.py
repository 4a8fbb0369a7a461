"""P17 and "it was not me": reporting a card lost, finding it, and saying that it was somebody else."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from accounts.loss.not_me import token_of
from accounts.models.loss_codes import Act
from accounts.sending_limits import SENDS_AN_HOUR, for_losses
from accounts.tests.factories import CardBindingFactory, UserFactory
from accounts.tests.losing import a_card, asks, digits_of, enters, froze
from activation.tests.browser import Browser
from cards.dimensions import State
from cards.models import Card
from messaging.models import Message
from tests.browser.steps import opened
from vault import limits


def whose(**answers: str) -> Browser:
    browser = opened("/campus/lost/")
    browser.fill(**answers)
    return browser


def used_up(page: str) -> Browser:
    for _code in range(3):
        limits.count(SENDS_AN_HOUR, for_losses("+8613800138000"))
    return asks(page, at=opened(page))


def frozen() -> Browser:
    return froze(a_card())


def undecided() -> Browser:
    browser = frozen()
    browser.fill()
    return browser


def which() -> Browser:
    older, newer = a_card(), a_card(number="6200000010002604")
    return enters(asks(), digits_of(max(older, newer, key=lambda card: card.pk)))


def unchosen() -> Browser:
    browser = which()
    browser.fill()
    return browser


def told_what(what: str, **said: str) -> Browser:
    browser = frozen()
    browser.fill(what=what, **said)
    return browser


def reported() -> Browser:
    browser = told_what("replace")
    browser.fill()
    return browser


def found(after: timedelta = timedelta()) -> Browser:
    card = a_card()
    with time_machine.travel(timezone.now() - after):
        froze(card)
    return enters(asks("/found/", contact=str(card.email)), digits_of(card, Act.UNFREEZE))


def link() -> Browser:
    froze(a_card())
    notice = Message.objects.filter(kind="card_frozen").latest("pk")
    browser = Browser()
    browser.open(f"/not-me/{token_of(notice.pk)}/")
    return browser


def denied() -> Browser:
    browser = link()
    browser.fill()
    return browser


def not_me_by_code() -> Browser:
    card = a_card()
    return enters(asks("/not-me/"), digits_of(card, Act.NOT_ME))


def own(page: str, card: Card) -> Browser:
    user = UserFactory.create(phone=card.phone, email=card.email)
    CardBindingFactory.create(user=user, card=card)
    browser = Browser()
    browser.client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    browser.open(f"/cards/{card.pk}/{page}/")
    return browser


WALKS = {
    "lost": lambda: opened("/campus/lost/"),
    "lost, by ID number": lambda: opened("/campus/lost/no-number/"),
    "lost code": lambda: whose(tail="2604", contact="13800138000"),
    "lost, which card": which,
    "lost, frozen": frozen,
    "lost, kept": lambda: told_what("block"),
    "lost, before the end": lambda: told_what("replace"),
    "lost, reported": reported,
    "lost, not active yet": lambda: froze(a_card(State.PENDING_ACTIVATION)),
    "found, works again": found,
    "found, too late": lambda: found(timedelta(days=8)),
    "not me": lambda: opened("/not-me/"),
    "not me, by the link": link,
    "not me, stopped": denied,
    "own card lost": lambda: own("lost", a_card()),
    "own card found": lambda: own("found", a_card(State.SUSPENDED)),
}
WRONG = {
    "lost": {"tail": "26", "contact": "138"},
    "lost, by ID number": {"idno": "1", "contact": ""},
    "lost, frozen": dict[str, str](),
    "lost, which card": dict[str, str](),
}

"""P20: one's account, another contact for it, what we hold, closing it; and the activation code of one's own card."""

from typing import Any

from accounts import code_requests
from accounts.loss.not_me import token_of
from accounts.models import AccountCode, User
from accounts.models.account_codes import Proof
from accounts.tests.contacts import EMAIL, PHONE, confirms
from accounts.tests.factories import CardBindingFactory, UserFactory
from activation.services import send_code
from activation.tests.browser import Browser
from cards.dimensions import Channel, Role, State, Via
from cards.events import Actor
from cards.models import Card
from cards.tests.factories import CardFactory, ProgrammeFactory
from messaging.models import Message


def owner(**columns: Any) -> User:
    """Somebody with an active card."""
    ProgrammeFactory.create()
    user: User = UserFactory.create(**{"phone": PHONE, "email": EMAIL, **columns})
    card = CardFactory.create(number="6200000000002604", phone=user.phone, email=user.email, state=State.ACTIVE)
    CardBindingFactory.create(user=user, card=card)
    return user


def at(path: str, user: User | None = None) -> Browser:
    browser = Browser()
    browser.client.force_login(user or owner(), backend="accounts.backends.OneTimeCodeBackend")
    browser.open(path)
    return browser


def digits(act: str) -> str:
    """The worker sends; this is what the phone shows."""
    code_requests.answer_waiting()
    code = AccountCode.objects.unfinished().filter(act=act).latest("issued_at")
    return str(code.derive())


def waiting() -> Browser:
    user = owner()
    confirms(user)
    return at("/account/", user)


def change_stopped() -> Browser:
    browser = waiting()
    browser.fill()
    return browser


def asked_for(field: str, contact: str) -> Browser:
    browser = at(f"/account/{field}/")
    browser.fill(contact=contact)
    return browser


def old_asked() -> Browser:
    return asked_for("phone", "13900139000")


def new_asked() -> Browser:
    browser = old_asked()
    browser.fill(otp=digits(Proof.OLD))
    return browser


def close_asked() -> Browser:
    browser = at("/account/close/")
    browser.fill(via="email")
    return browser


def closed() -> Browser:
    browser = close_asked()
    browser.fill(otp=digits(Proof.CLOSE))
    return browser


def not_me() -> Browser:
    confirms(owner())
    browser = Browser()
    browser.open(f"/not-me/{token_of(Message.objects.filter(kind='contact_change_begun').latest('pk').pk)}/")
    return browser


def denied() -> Browser:
    browser = not_me()
    browser.fill()
    return browser


def with_code() -> Browser:
    user = owner()
    card: Card = CardFactory.create(number="6200000000007777", phone=user.phone, email="")
    actor = Actor.staff("", Role.AGENT)
    send_code(card_id=card.pk, by=Channel.SMS, actor=actor, channel=Via.HOTLINE, reason="requested")
    return at("/account/activation-code/", user)


def shown_too_often() -> Browser:
    browser = with_code()
    for _look in range(6):
        browser.send(browser.at, card=f"{Card.objects.get(state=State.PENDING_ACTIVATION).pk}")
    return browser


WALKS = {
    "account": lambda: at("/account/"),
    "account, without an email": lambda: at("/account/", owner(email="")),
    "account, change waits": waiting,
    "change phone": lambda: at("/account/phone/"),
    "change email": lambda: at("/account/email/"),
    "old contact's code": old_asked,
    "new contact's code": new_asked,
    "what we hold": lambda: at("/account/data/"),
    "close the account": lambda: at("/account/close/"),
    "close the account, code": close_asked,
    "account closed": closed,
    "not me, of an account": not_me,
    "not me, of an account, stopped": denied,
    "activation code of one's own": with_code,
    "activation code, no card": lambda: at("/account/activation-code/"),
}
WRONG = {
    "change phone": {"contact": "139"},
    "change email": {"contact": "xiaoming"},
    "old contact's code": {"otp": "04839"},
    "close the account": dict[str, str](),
}

"""P12 and P13: signing in, and one's cards."""

from datetime import timedelta

from django.utils import timezone

from accounts import services
from accounts.account_events import record
from accounts.loss.not_me import token_of
from accounts.models import AccountEvent, User, UserSession
from accounts.models.sessions import ALTOGETHER
from accounts.tests.factories import CardBindingFactory, UserFactory
from accounts.tests.signing_in import sign_in
from activation.tests.browser import Browser
from cards.dimensions import Role, State, Via
from cards.events import Actor, record_event
from cards.models import Card
from cards.models.card_event import EventKind
from cards.tests.factories import CardFactory, ProgrammeFactory
from messaging.models import Message
from tests.browser.steps import opened

PHONE, EMAIL = "+8613800138042", "xiaoming@example.com"
SIGN_IN = "/account/sign-in/"


def asked(contact: str) -> Browser:
    browser = opened(f"/campus{SIGN_IN}")
    browser.fill(ident=contact)
    return browser


def asked_again() -> Browser:
    browser = asked(PHONE)
    browser.fill(resend="1")
    return browser


def locked() -> Browser:
    browser = asked(PHONE)
    for _try in range(6):
        browser.fill(otp="000000")
    return browser


def cards(*states: str) -> Browser:
    ProgrammeFactory.create()
    user = UserFactory.create(phone=PHONE, email=EMAIL)
    for number, state in enumerate(states):
        CardBindingFactory.create(user=user, card=CardFactory.create(number=f"620000000000260{number}", state=state))
    browser = Browser()
    browser.client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    browser.open("/cards/")
    return browser


def holder() -> tuple[Browser, User]:
    """Somebody with an active card, signed in."""
    browser = cards(State.ACTIVE)
    return browser, User.objects.get()


def devices() -> Browser:
    """Signed in here and, an hour ago and from elsewhere, on a phone."""
    browser, user = holder()
    UserSession.objects.update(browser="Chrome/Android", network="127.0.0.0/24")
    hour_ago = timezone.now() - timedelta(hours=1)
    UserSession.objects.create(
        user=user,
        browser="WeChat/Android",
        network="203.0.113.0/24",
        began_at=hour_ago,
        seen_at=timezone.now() - timedelta(minutes=9),
    )
    browser.open("/account/devices/")
    return browser


def signed_out_there() -> Browser:
    browser = devices()
    browser.fill(end=str(UserSession.objects.get(browser="WeChat/Android").pk))
    return browser


def came_back() -> Browser:
    """What was sent after the session had ended is there again after signing in."""
    browser, user = holder()
    browser.open("/alerts/settings/")
    UserSession.objects.update(ended_at=timezone.now())
    browser.fill(limit="750", night_from="0", night_until="6", many="5")
    browser.client.force_login(user, backend="accounts.backends.OneTimeCodeBackend")
    browser.open("/alerts/settings/")
    return browser


def ends_soon() -> Browser:
    """Signed in for almost twelve hours, at a page with a form."""
    browser, _user = holder()
    UserSession.objects.update(began_at=timezone.now() - ALTOGETHER + timedelta(minutes=20))
    browser.open("/account/phone/")
    return browser


def stays() -> Browser:
    browser, _user = holder()
    browser.open("/account/stay/")
    return browser


def signed_in_again_elsewhere() -> Browser:
    """The form of a page that was opened before they signed in again in another tab."""
    browser, user = holder()
    browser.open("/account/phone/")
    token = browser.client.cookies["csrftoken"].value
    UserSession.objects.update(ended_at=timezone.now())
    sign_in(browser.client, user)
    browser.client.handler.enforce_csrf_checks = True
    browser.send("/account/phone/", contact="13912345750", csrfmiddlewaretoken=token)
    return browser


def activity() -> Browser:
    """A card that was lost and found, an account that was signed in to; and there was more before."""
    browser, user = holder()
    card = Card.objects.get()
    record_event(card_id=card.pk, kind=EventKind.CODE_ISSUED, actor=Actor.system(), channel=Via.SYSTEM)
    for _day in range(9):
        services.freeze_card(card_id=card.pk, actor=Actor.cardholder(user.pk), channel=Via.WEB, reason="lost")
        agent = Actor.staff("1", Role.AGENT)
        services.unfreeze_card(card_id=card.pk, actor=agent, channel=Via.HOTLINE, reason="found")
    record(user_id=user.pk, kind="session_ended", browser="Edge/Windows")
    record(user_id=user.pk, kind="denied", reference="A7K4-22QP-Z9HM")
    browser.open("/account/activity/")
    return browser


def nothing_yet() -> Browser:
    browser, _user = holder()
    AccountEvent.objects.all().delete()
    browser.open("/account/activity/")
    return browser


def not_me_account() -> Browser:
    """The link of the notice about a new device."""
    browser, _user = holder()
    notice = Message.objects.filter(kind="new_device").latest("pk")
    browser.open(f"/not-me/{token_of(notice.pk)}/")
    return browser


WALKS = {
    "sign in": lambda: opened(f"/campus{SIGN_IN}"),
    "sign in with a mistyped host": lambda: opened(f"/campus{SIGN_IN}"),
    "sign in after signing out": lambda: opened(f"{SIGN_IN}?signed-out=1"),
    "sign in after the session ended": lambda: opened(f"{SIGN_IN}?ended=1"),
    "sign in after signing out everywhere": lambda: opened(f"{SIGN_IN}?everywhere=1"),
    "sign in, something was kept": lambda: opened(f"{SIGN_IN}?ended=1&kept=1"),
    "session ends soon": ends_soon,
    "still signed in": stays,
    "devices": devices,
    "devices, one signed out": signed_out_there,
    "activity": activity,
    "activity, nothing yet": nothing_yet,
    "it was not me, of an account": not_me_account,
    "sign-in code": lambda: asked(PHONE),
    "sign-in code by email": lambda: asked(EMAIL),
    "sign-in code sent again too early": asked_again,
    "sign-in code locked": locked,
    "my cards": lambda: cards(*[state for state in State.values if state != State.TERMINATED]),
    "my cards, none yet": cards,
}
WRONG = {
    "sign in": {"ident": "138"},
    "sign in with a mistyped host": {"ident": "xiaoming@163.con"},
    "sign-in code": {"otp": "04839"},
}

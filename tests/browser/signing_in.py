"""P12 and P13: signing in, and one's cards."""

from accounts.tests.factories import CardBindingFactory, UserFactory
from activation.tests.browser import Browser
from cards.dimensions import State
from cards.tests.factories import CardFactory, ProgrammeFactory
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


WALKS = {
    "sign in": lambda: opened(f"/campus{SIGN_IN}"),
    "sign in with a mistyped host": lambda: opened(f"/campus{SIGN_IN}"),
    "sign in after signing out": lambda: opened(f"{SIGN_IN}?signed-out=1"),
    "sign in after the session ended": lambda: opened(f"{SIGN_IN}?ended=1"),
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

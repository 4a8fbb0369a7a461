"""Browsers that are signed in to one account, each with its own cookies."""

from django.test import Client
from django.utils import timezone

from accounts.models import SignInCode, User
from accounts.tests.codes import ADDRESS
from cards.code_rules import SHORT
from cards.dimensions import Channel

CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"


def a_browser(user_agent: str = CHROME, address: str = ADDRESS, language: str = "en") -> Client:
    return Client(headers={"accept-language": language, "user-agent": user_agent}, REMOTE_ADDR=address)


def sign_in(browser: Client, user: User, query: str = "") -> Client:
    """By the pages, with a code that really is the account's."""
    browser.post(f"/account/sign-in/{query}", {"ident": user.email})
    code = a_code(user)
    answer = browser.post("/account/sign-in/verify/", {"otp": code.derive(), "form_token": str(code.pk)})
    assert answer.status_code == 303
    assert is_signed_in(browser)
    return browser


def a_code(user: User) -> SignInCode:
    """A live code, as the worker makes it."""
    return SignInCode.issue(
        rule=SHORT, channel=Channel.EMAIL, contact_index=user.email_index, at=timezone.now(), user=user
    )


def is_signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session

"""What the phone of a cardholder shows: the digits of the code that the worker would send now."""

from accounts import code_requests
from accounts.models import SignInCode
from accounts.services import request_sign_in_code

ADDRESS = "192.0.2.1"


def ask_for_code(contact: str) -> None:
    """Ask for a code and let the worker answer."""
    request_sign_in_code(contact=contact, address=ADDRESS)
    code_requests.answer_waiting()


def current_code(user_id: object) -> str:
    """Give the digits of the account's unfinished code."""
    return SignInCode.objects.unfinished().get(user_id=user_id).derive()


def another(code: str) -> str:
    """Give six digits that are not these."""
    return f"{(int(code) + 1) % 10**6:06d}"

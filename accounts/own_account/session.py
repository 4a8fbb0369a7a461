"""What the pages of an account keep in the sealed session: the secret by which codes know this browser."""

import secrets

from django.http import HttpRequest

SECRET, CLOSING = "account_secret", "account_closing"


def secret_of(request: HttpRequest) -> str:
    """One for the session, so that asking again changes nothing."""
    kept: str = request.session.get(SECRET) or secrets.token_urlsafe(16)
    request.session[SECRET] = kept
    return kept


def keep_closing(request: HttpRequest, via: str) -> None:
    """Remember to which contact ("phone", "email") the code to close the account goes."""
    request.session[CLOSING] = via


def closing(request: HttpRequest) -> str:
    kept: str = request.session.get(CLOSING, "")
    return kept

"""What the pages of a new PIN hand on to each other, in the sealed session: digests and a secret, nothing typed."""

import secrets
from dataclasses import asdict

from django.http import HttpRequest

from accounts.pins.codes import Asked

SECRET, ASKED, DONE = "pin_secret", "pin_asked", "pin_done"
WITHOUT_ACCOUNT = "without_account"
MOST = 8


def secret_of(request: HttpRequest) -> str:
    """The secret by which codes know this browser: one for its session, so that asking again changes nothing."""
    kept: str = request.session.get(SECRET) or secrets.token_urlsafe(16)
    request.session[SECRET] = kept
    return kept


def keep(request: HttpRequest, key: str, asked: Asked) -> None:
    """Remember what a code was asked for, under the card's id, or WITHOUT_ACCOUNT."""
    kept = request.session.get(ASKED, {})
    kept.pop(key, None)
    request.session[ASKED] = dict([*kept.items(), (key, asdict(asked))][-MOST:])


def find(request: HttpRequest, key: str) -> Asked | None:
    kept = request.session.get(ASKED, {}).get(key)
    return Asked(**kept) if kept else None


def forget(request: HttpRequest, key: str) -> None:
    kept = request.session.get(ASKED, {})
    if kept.pop(key, None):
        request.session[ASKED] = kept

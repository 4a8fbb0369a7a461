"""What the pages of adding a card hand on to each other, in the sealed session of one browser."""

import secrets
from uuid import UUID

from django.http import HttpRequest

from accounts.binding.codes import Asked
from accounts.refusals import CardNotAdded

SECRET, ASKED, REFUSED = "binding_secret", "binding_asked", "binding_refused"


def typed(request: HttpRequest, *, user_id: UUID, whose: str, tail: str, contact: str) -> Asked:
    """What was typed, with the secret of this browser."""
    secret = request.session.setdefault(SECRET, secrets.token_urlsafe(32))
    return Asked(str(user_id), whose, tail, contact, secret)


def keep(request: HttpRequest, asked: Asked) -> None:
    """A code was asked for."""
    request.session[ASKED] = [asked.whose, asked.tail, asked.contact]


def asked(request: HttpRequest, user_id: UUID) -> Asked | None:
    """What was typed; None where nothing was."""
    kept, secret = request.session.get(ASKED), request.session.get(SECRET)
    if not kept or not secret:
        return None
    return Asked(user=str(user_id), whose=kept[0], tail=kept[1], contact=kept[2], secret=secret)


def forget(request: HttpRequest) -> None:
    """The code has been used."""
    request.session.pop(ASKED, None)


def refuse(request: HttpRequest, refusal: CardNotAdded) -> None:
    """Keep why a card that the code spoke for was not added, for the page that says so."""
    forget(request)
    request.session[REFUSED] = [refusal.why, str(refusal.card_id)]


def refused(request: HttpRequest) -> tuple[str, UUID] | None:
    """Why, and which card."""
    kept = request.session.get(REFUSED)
    return (kept[0], UUID(kept[1])) if kept else None

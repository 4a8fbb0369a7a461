"""What the pages of a loss hand on to each other, in the sealed session of one browser."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from accounts.loss.codes import Asked

ASKED, OWN, SECRET, CHOICE, PROVED = "loss_asked", "loss_own", "loss_secret", "loss_choice", "loss_card"
PROVED_FOR = timedelta(minutes=30)
"""How long a code that was right speaks for its card in this browser."""


def typed(request: HttpRequest, *, act: str, contact: str, tail: str = "", id_number: str = "") -> Asked:
    """What was typed, of an ID number its digest, with the secret of this browser."""
    secret = request.session.setdefault(SECRET, secrets.token_urlsafe(32))
    return Asked(act, tail, contact, secret, id_number)


def keep(request: HttpRequest, asked: Asked, *, own: UUID | None = None) -> None:
    """A code was asked for; `own`: from the page of this card in the account that is signed in."""
    request.session[ASKED] = [asked.act, asked.tail, asked.contact, asked.id_number]
    request.session[OWN] = str(own) if own else ""


def own_card(request: HttpRequest) -> UUID | None:
    """The card whose page in one's account asked for the code; None where contact and card were typed."""
    own = request.session.get(OWN)
    return UUID(own) if own else None


def asked(request: HttpRequest, act: str) -> Asked | None:
    """What was typed for this act; None where this browser has asked for another, or nothing."""
    kept, secret = request.session.get(ASKED), request.session.get(SECRET)
    if not kept or not secret or kept[0] != act:
        return None
    _act, tail, contact, id_number = kept
    return Asked(act, tail, contact, secret, id_number)


def prove(request: HttpRequest, act: str, cards: list[UUID]) -> None:
    """A code was right: it speaks for one card, or for the choice between several."""
    request.session.pop(ASKED, None)
    key = PROVED if len(cards) == 1 else CHOICE
    request.session[key] = [act, [str(card) for card in cards], timezone.now().timestamp()]


def proved(request: HttpRequest, act: str) -> UUID | None:
    """The card that this browser may act for."""
    cards = _cards(request, PROVED, act)
    return cards[0] if cards else None


def choice(request: HttpRequest, act: str) -> list[UUID]:
    """The cards that this browser may choose from."""
    return _cards(request, CHOICE, act)


def choose(request: HttpRequest, act: str, card: UUID) -> None:
    """One of the choice was chosen."""
    request.session.pop(CHOICE, None)
    prove(request, act, [card])


def _cards(request: HttpRequest, key: str, act: str) -> list[UUID]:
    kept = request.session.get(key)
    if not kept or kept[0] != act or timezone.now().timestamp() > kept[2] + PROVED_FOR.total_seconds():
        return []
    return [UUID(card) for card in kept[1]]

"""Answering a request for a new activation code, in the worker: look up, issue, send. Nobody is waiting for it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.contacts import index_of
from accounts.models import CodeRequest
from activation.issuing import issue_activation_code
from cards.dimensions import Via
from cards.events import Actor, record_event
from cards.models import Card
from cards.models.card_event import EventKind
from vault.blind_index import blind_index

PURPOSE = "activation_code"


def answer_code_request(body: dict[str, Any], request: CodeRequest) -> None:
    """Send the card's code to the contact that was typed, if it is one the issuer registered for that card.

    `body`: card_number, contact (in their one spelling) and programme (a code, or empty for any). A request with
    wrong data ends here without a trace; the page told everybody the same. Runs in the transaction that marks the
    request as answered.
    """
    at, index = timezone.now(), index_of(body["contact"])
    cards = Card.objects.filter(number_index=blind_index("card_number", body["card_number"]))
    if body.get("programme"):
        cards = cards.filter(programme__code=body["programme"])
    card = cards.select_related("programme").select_for_update(of=("self",)).first()
    registered = card.registered_contacts() if card else []
    contact = next((contact for contact in registered if contact.index == index), None)
    if card is not None and contact is not None and issue_activation_code(card, contact, at):
        record_event(card_id=card.pk, kind=EventKind.CODE_ISSUED, actor=Actor.cardholder(), channel=Via.WEB)

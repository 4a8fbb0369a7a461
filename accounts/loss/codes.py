"""The codes that freeze and unfreeze: which cards somebody means, and sending one in answer to a request."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.contacts import channel_of, field_of, index_of, mask
from accounts.models import CodeRequest, LossCode
from accounts.models.loss_codes import Act, LossCodeQuerySet
from cards.code_rules import SHORT
from cards.dimensions import State, Via
from cards.events import Actor, record_event
from cards.models import Card
from cards.models.card_event import EventKind
from cards.moves import LIVE
from messaging.services import queue_message
from vault.blind_index import blind_index
from vault.sweeping import update_in_steps

PURPOSE = "loss_code"
MEANT = {Act.FREEZE: LIVE, Act.NOT_ME: LIVE, Act.UNFREEZE: frozenset({State.SUSPENDED})}
MOST_CARDS = 20


@dataclass(frozen=True)
class Asked:
    """What somebody typed, in its one spelling, for which act, and the secret of their browser's session.

    `id_number` is the digest of the ID number of somebody who does not know the card's last digits: then `tail` is "".
    """

    act: str
    tail: str
    contact: str
    secret: str
    id_number: str = ""

    @property
    def subject(self) -> str:
        """What tries and sendings are counted for, whether there is such a card or not."""
        return f"{self.id_number or self.tail}|{self.contact}"

    @property
    def seat(self) -> uuid.UUID:
        """What the code knows its browser by."""
        return blind_index("loss_seat", f"{self.secret}|{self.act}|{self.subject}")

    def body(self, programme: str) -> dict[str, str]:
        """The sealed request."""
        return {**asdict(self), "programme": programme}

    def named(self, prefix: str = "") -> dict[str, str]:
        """By which of both the card is looked for."""
        if self.id_number:
            return {f"{prefix}id_number_index": self.id_number}
        return {f"{prefix}number_tail": self.tail}


def cards_meant(asked: Asked) -> list[Card]:
    """The cards with this tail or ID number and this registered contact: those that the act can do something to, if
    there are any, else all, the newest first."""
    reached = Q(**{f"{field_of(asked.contact)}_index": index_of(asked.contact)})
    found = Card.objects.filter(reached, **asked.named()).select_related("programme")
    cards = list(found.order_by("-pk")[:MOST_CARDS])
    return [card for card in cards if card.state in MEANT[Act(asked.act)]] or cards


def codes_for(asked: Asked) -> LossCodeQuerySet:
    """The codes that went out for exactly this: act, browser, card and contact."""
    codes: LossCodeQuerySet = LossCode.objects.filter(
        act=asked.act, seat=asked.seat, contact_index=index_of(asked.contact), **asked.named("card__")
    )
    return codes


def answer(body: dict[str, Any], request: CodeRequest) -> None:
    """Send a code to the contact, if it is registered for such a card; nothing happens if not, and nobody is told."""
    asked = Asked(**{name: said for name, said in body.items() if name != "programme"})
    first = next(iter(cards_meant(asked)), None)
    if first is None:
        return
    card = Card.objects.select_for_update(of=("self",)).get(pk=first.pk)
    index, channel = index_of(asked.contact), channel_of(asked.contact)
    code = LossCode.issue(
        rule=SHORT,
        channel=channel,
        contact_index=index,
        at=timezone.now(),
        card=card,
        act=asked.act,
        seat=asked.seat,
    )
    record_event(
        card_id=card.pk, kind=EventKind.LOSS_CODE_SENT, actor=Actor.cardholder(), channel=Via.WEB, reason=asked.act
    )
    queue_message(
        kind=PURPOSE,
        channel=channel,
        subject_id=code.pk,
        contact_index=index,
        to_masked=mask(asked.contact),
        language=card.language,
        deadline=code.expires_at,
        programme_code=first.programme.code,
        idempotency_key=f"{PURPOSE}:{request.pk}",
    )


def mark_expired() -> int:
    """Mark codes that the clock has ended, step by step; how many."""
    at = timezone.now()
    return update_in_steps(LossCode.objects.stale(at).order_by("expires_at"), {"expired_at": at})

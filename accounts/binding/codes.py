"""The codes that bring a card into an account: which card somebody means, and sending one in answer to a request."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.contacts import channel_of, field_of, index_of, mask
from accounts.models import BindingCode, CardBinding, CardHelper, CodeRequest
from accounts.models.binding_codes import BindingCodeQuerySet, Whose
from cards.code_rules import SHORT
from cards.dimensions import Via
from cards.events import Actor, record_event
from cards.models import Card
from cards.models.card_event import EventKind
from cards.moves import LIVE
from messaging.services import queue_message
from vault.blind_index import blind_index
from vault.sweeping import update_in_steps

PURPOSE = "binding_code"
KINDS = {Whose.OWN: "binding_code", Whose.HELPED: "consent_code"}
"""Who adds their own card reads another message than who lets somebody help."""
MOST_CARDS = 20


@dataclass(frozen=True)
class Asked:
    """What an account typed, in its one spelling, and the secret of its browser's session."""

    user: str
    whose: str
    tail: str
    contact: str
    secret: str

    @property
    def subject(self) -> str:
        """What tries are counted for, whether there is such a card or not."""
        return f"{self.tail}|{self.contact}"

    @property
    def seat(self) -> uuid.UUID:
        """What the code knows its browser by."""
        return blind_index("binding_seat", f"{self.secret}|{self.user}|{self.whose}|{self.subject}")

    def body(self, programme: str) -> dict[str, str]:
        """The sealed request."""
        return {**asdict(self), "programme": programme}


def codes_for(asked: Asked) -> BindingCodeQuerySet:
    """The codes that went out for exactly this: account, browser, card, contact, and as whose card."""
    codes: BindingCodeQuerySet = BindingCode.objects.filter(
        user=uuid.UUID(asked.user),
        whose=asked.whose,
        seat=asked.seat,
        contact_index=index_of(asked.contact),
        card__number_tail=asked.tail,
    )
    return codes


def answer(body: dict[str, Any], request: CodeRequest) -> None:
    """Send a code to the contact, if it is registered for such a card; nothing happens if not, and nobody is told.

    A card that cannot be added gets one, too: whoever has the code is then told why.
    """
    asked = Asked(body["user"], body["whose"], body["tail"], body["contact"], body["secret"])
    found = _card_meant(asked)
    if found is None:
        return
    card = Card.objects.select_for_update(of=("self",)).select_related("programme").get(pk=found)
    index, channel = index_of(asked.contact), channel_of(asked.contact)
    subject: dict[str, Any] = {"card": card, "user_id": asked.user, "whose": asked.whose, "seat": asked.seat}
    code = BindingCode.issue(rule=SHORT, channel=channel, contact_index=index, at=timezone.now(), **subject)
    actor = Actor.cardholder(asked.user)
    record_event(card_id=card.pk, kind=EventKind.BINDING_CODE_SENT, actor=actor, channel=Via.WEB, reason=asked.whose)
    queue_message(
        kind=KINDS[Whose(asked.whose)],
        channel=channel,
        subject_id=code.pk,
        contact_index=index,
        to_masked=mask(asked.contact),
        language=card.language,
        deadline=code.expires_at,
        programme_code=card.programme.code,
        idempotency_key=f"{PURPOSE}:{request.pk}",
    )


def mark_expired() -> int:
    """Mark codes that the clock has ended, step by step; how many."""
    at = timezone.now()
    return update_in_steps(BindingCode.objects.stale(at).order_by("expires_at"), {"expired_at": at})


def _card_meant(asked: Asked) -> uuid.UUID | None:
    """The card with this tail and this registered contact; of several the newest that is not there yet, so that asking
    again brings the next."""
    reached = Q(**{f"{field_of(asked.contact)}_index": index_of(asked.contact)})
    found = Card.objects.filter(reached, number_tail=asked.tail, state__in=LIVE).order_by("-pk")
    cards = list(found.values_list("pk", flat=True)[:MOST_CARDS])
    taken = _taken(asked, cards) if len(cards) > 1 else set()
    return next((card for card in cards if card not in taken), cards[0] if cards else None)


def _taken(asked: Asked, cards: list[uuid.UUID]) -> set[uuid.UUID]:
    if asked.whose == Whose.OWN:
        taken = CardBinding.objects.live().filter(card__in=cards)
        return set(taken.values_list("card_id", flat=True))
    helped = CardHelper.objects.live().filter(card__in=cards, user=uuid.UUID(asked.user))
    return set(helped.values_list("card_id", flat=True))

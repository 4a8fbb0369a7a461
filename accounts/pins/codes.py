"""Codes for a new PIN: who asks for which card, and sending one to a registered contact in answer."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.contacts import mask
from accounts.models import CardBinding, CodeRequest, PinResetCode
from accounts.models.pin_reset_codes import PinResetCodeQuerySet
from cards.code_rules import SHORT
from cards.models import Card
from messaging.services import queue_message
from vault.blind_index import blind_index
from vault.sweeping import update_in_steps

PURPOSE = "pin_reset_code"


@dataclass(frozen=True)
class Asked:
    """Which card somebody means, in keyed digests only, and the secret of their browser's session.

    Signed in: `user` and the `channel` they chose. Without an account the code goes to the first registered contact.
    `id_number` is the digest of the one that was typed, or of the record's where nobody had to type it.
    """

    secret: str
    card_number: str
    id_number: str
    user: str = ""
    channel: str = ""

    @classmethod
    def signed_in(cls, *, secret: str, card: Card, user_id: uuid.UUID, channel: str) -> Asked:
        return cls(secret, *_numbers(card), user=str(user_id), channel=channel)

    @classmethod
    def without_account(cls, *, secret: str, card_number: str, id_number: str) -> Asked:
        """`card_number` and `id_number` are in their one spelling; only their digests are kept."""
        number, identity = blind_index("card_number", card_number), blind_index("id_number", id_number)
        return cls(secret, str(number), str(identity))

    @property
    def sent_for(self) -> str:
        """What sendings are counted for, with an account and without together, whether there is such a card or not. It
        holds what a stranger does not know, so that they cannot use up the holder's."""
        return _sent_for(self.card_number, self.id_number)

    @property
    def subject(self) -> str:
        """What tries are counted for: the same, for each account of its own."""
        return f"{self.sent_for}|{self.user}"

    @property
    def seat(self) -> uuid.UUID:
        """What the code knows its browser by."""
        return blind_index("pin_seat", f"{self.secret}|{self.subject}|{self.channel}")

    def body(self, programme: str) -> dict[str, str]:
        """The sealed request."""
        said = {"card_number": self.card_number, "user": self.user, "id_number": self.id_number}
        return {**said, "channel": self.channel, "seat": str(self.seat), "programme": programme}

    def codes(self) -> PinResetCodeQuerySet:
        """The codes that went out for exactly this: card, account or ID number, browser. A card that is not in the
        account any more, or whose record has another ID number now, has none."""
        cards = _cards(self.card_number, self.user, self.id_number)
        codes: PinResetCodeQuerySet = PinResetCode.objects.filter(seat=self.seat, card__in=cards)
        return codes.filter(user=self.user) if self.user else codes.filter(user=None)


def answer(body: dict[str, Any], request: CodeRequest) -> None:
    """Send a code to a registered contact of the card, if what was typed fits; nothing happens, and nobody is told, if
    not. Cards that cannot get a PIN get the code too: whoever has it is then told why."""
    cards = _cards(body["card_number"], body["user"], body["id_number"]).select_related("programme")
    if body["programme"]:
        cards = cards.filter(programme__code=body["programme"])
    card = cards.select_for_update(of=("self",)).first()
    wanted = body["channel"]
    contacts = [one for one in card.registered_contacts() if wanted in ("", one.channel)] if card else []
    if card is None or not contacts:
        return
    at, contact = timezone.now(), contacts[0]
    PinResetCode.objects.filter(card=card).exclude(seat=body["seat"]).supersede(at)
    code = PinResetCode.issue(
        rule=SHORT,
        channel=contact.channel,
        contact_index=contact.index,
        at=at,
        facts={"seat": body["seat"], "user_id": body["user"] or None},
        card=card,
    )
    queue_message(
        kind=PURPOSE,
        channel=contact.channel,
        subject_id=code.pk,
        contact_index=contact.index,
        to_masked=mask(contact.address),
        language=card.language,
        deadline=code.expires_at,
        programme_code=card.programme.code,
        idempotency_key=f"{PURPOSE}:{request.pk}",
    )


def sent_for(card: Card) -> str:
    """What the sendings of a card's codes are counted for."""
    return _sent_for(*_numbers(card))


def mark_expired() -> int:
    """Mark codes that the clock has ended, step by step; how many. Nobody waits for this: the clock decides."""
    at = timezone.now()
    return update_in_steps(PinResetCode.objects.stale(at).order_by("expires_at"), {"expired_at": at})


def _sent_for(card_number: str, id_number: str) -> str:
    return f"{card_number}|{id_number}"


def _numbers(card: Card) -> tuple[str, str]:
    """The digests of both numbers in the record; the second outlives its number."""
    return str(card.number_index), str(card.id_number_index or "")


def _cards(card_number: str, user: str, id_number: str) -> Any:
    """The card with this number that is in this account or has this ID number: one of both, never neither."""
    cards = Card.objects.filter(number_index=card_number)
    if user:
        return cards.filter(pk__in=CardBinding.objects.live().filter(user_id=user).values("card_id"))
    return cards.filter(id_number_index=id_number) if id_number else cards.none()

"""What somebody who is signed in may do with a card: the one place that says what a helper may."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from accounts.models import CardBinding, CardHelper
from cards.models import Card


class Right(StrEnum):
    """What a page about a card needs. A page that names none needs MANAGE."""

    SEE = "see"
    STATEMENT = "statement"
    FREEZE = "freeze"
    MANAGE = "manage"
    """Everything else: a PIN, unfreezing, codes, contacts, helpers, the card's record, removing and closing it."""


HELPER_MAY = frozenset({Right.SEE, Right.STATEMENT, Right.FREEZE})
"""What the consent tells, word for word. Whoever adds here asks everybody's holders anew."""


@dataclass(frozen=True)
class Held:
    """A card that somebody may do something with: their own, or that of somebody they help."""

    card: Card
    helping: bool

    def may(self, right: Right) -> bool:
        return not self.helping or right in HELPER_MAY


def held_card(*, user_id: UUID, card_id: UUID, right: Right) -> Held | None:
    """The card, if this account may do that with it; None alike for somebody else's, a helper's limits, and none."""
    own = CardBinding.objects.live().filter(user_id=user_id, card_id=card_id)
    if binding := own.select_related("card__programme").first():
        return Held(binding.card, helping=False)
    if right not in HELPER_MAY:
        return None
    helped = CardHelper.objects.live().filter(user_id=user_id, card_id=card_id)
    helper = helped.select_related("card__programme").first()
    return Held(helper.card, helping=True) if helper else None


def held_cards(user_id: UUID) -> Iterator[Held]:
    """All cards of an account, the latest first: its own, then those of people it helps."""
    own = CardBinding.objects.live().filter(user_id=user_id).select_related("card__programme")
    for binding in own.order_by("-bound_at", "-pk"):
        yield Held(binding.card, helping=False)
    helped = CardHelper.objects.live().filter(user_id=user_id).select_related("card__programme")
    for helper in helped.order_by("-since", "-pk"):
        yield Held(helper.card, helping=True)

"""What accounts want to be told: what they have chosen, or what counts until they do."""

from collections.abc import Collection
from uuid import UUID

from accounts.models import CardBinding
from statements.models import AlertSettings, Balance


def chosen_by(user_ids: Collection[UUID]) -> dict[UUID, AlertSettings]:
    """Give each account's settings, by a few queries. One that has none has its limit in its card's currency."""
    kept = AlertSettings.objects.in_bulk(user_ids)
    others = [user_id for user_id in user_ids if user_id not in kept]
    spent = _currencies(others)
    return {**kept, **{user_id: AlertSettings(user_id=user_id, **spent.get(user_id, {})) for user_id in others}}


def _currencies(user_ids: Collection[UUID]) -> dict[UUID, dict[str, str]]:
    """The currency of the card that was bound first and has a balance."""
    if not user_ids:
        return {}
    cards = dict(
        CardBinding.objects.live().filter(user_id__in=user_ids).order_by("-bound_at").values_list("card_id", "user_id")
    )
    balances = Balance.objects.in_bulk(cards)
    return {
        user_id: {"currency": balances[card_id].currency} for card_id, user_id in cards.items() if card_id in balances
    }

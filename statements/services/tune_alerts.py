"""Choosing what one is told of."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from statements.models import AlertSettings
from statements.models.alerts import Rule, Told


def tune_alerts(
    *,
    user_id: UUID,
    limit: int,
    currency: str,
    night_from: int,
    night_until: int,
    repeats: int,
    told: Mapping[str, Sequence[str]],
) -> None:
    """Keep what an account wants to be told, by rule and place; the last of two at once stays.

    What is told anywhere stands on the page too, so that a message always has something to lead to. Security notices
    are no rule and are told whatever is chosen here.
    """
    places = [str(place) for place in Told]
    kept = {}
    for rule in Rule.values:
        chosen = {str(Told.PAGE), *told.get(rule, ())} if told.get(rule) else set()
        kept[str(rule)] = [place for place in places if place in chosen]
    AlertSettings.objects.update_or_create(
        user_id=user_id,
        defaults={
            "limit": limit,
            "currency": currency,
            "night_from": night_from,
            "night_until": night_until,
            "repeats": repeats,
            "told": kept,
        },
    )

"""What a card leaves behind when its issuer registers it for somebody else: rooms above register what that ends.

Somebody else is who has another identity document. A name that is spelled in another way is still the same person, and
so is one with another phone, whose codes end by the record's version.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from uuid import UUID

Ending = Callable[[Collection[UUID], datetime], None]
Counting = Callable[[Collection[UUID]], int]

_endings: list[Ending] = []
_countings: list[Counting] = []


def register(*, count: Counting, end: Ending) -> None:
    """Let `end(card_ids, at)` end what belonged to the earlier holders, inside the transaction that changes the cards
    and under their locks; `count(card_ids)` says of how many cards something would be ended. Call it in
    `AppConfig.ready`."""
    if end not in _endings:
        _endings.append(end)
        _countings.append(count)


def count_left(card_ids: Collection[UUID]) -> int:
    """Count the cards that belong to somebody whose they are no more."""
    return sum(count(card_ids) for count in _countings) if card_ids else 0


def end_all(card_ids: Collection[UUID], at: datetime) -> None:
    """End what belonged to the earlier holders of these cards."""
    for end in _endings if card_ids else ():
        end(card_ids, at)


def with_new_holder(
    wanted: Mapping[UUID, tuple[str, UUID]], known: Mapping[UUID, tuple[str, UUID | None]]
) -> set[UUID]:
    """Give the cards whose document, as its kind and the index of its number, is another one than was known."""
    return {card_id for card_id, document in wanted.items() if card_id in known and known[card_id] != document}

"""What upper rooms say on "my cards": facts and links beside each card, and what is to be done, on top.

They register themselves in `AppConfig.ready`. Each is asked once for all cards of a page that its right is for: a
helper is shown nothing that they may not do.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.binding.rights import Held, Right
from cards.models import Card


@dataclass(frozen=True)
class Beside:
    """`facts` are (label, value) and `links` (words, address); words are in the current language."""

    facts: Sequence[tuple[Any, Any]] = ()
    links: Sequence[tuple[Any, str]] = ()


@dataclass(frozen=True)
class ToDo:
    """What somebody should look at: a sentence that is a link to `address`."""

    words: Any
    address: str


Looks = Callable[[Sequence[Card]], Mapping[UUID, Beside]]
Finds = Callable[[UUID], ToDo | None]

_looks: list[tuple[Looks, Right]] = []
_finds: list[Finds] = []


def register_beside(look: Looks, right: Right = Right.MANAGE) -> None:
    """Have `look` asked for what stands beside cards, by the cards' ids; `right` is what its pages need."""
    if (look, right) not in _looks:
        _looks.append((look, right))


def register_to_do(find: Finds) -> None:
    """Have `find` asked for what an account has to do."""
    if find not in _finds:
        _finds.append(find)


def beside(held: Sequence[Held]) -> dict[UUID, Beside]:
    """Give what stands beside each card, in the order of registration."""
    found = [look([one.card for one in held if one.may(right)]) for look, right in _looks]
    return {
        card.pk: Beside(
            [fact for said in found if card.pk in said for fact in said[card.pk].facts],
            [link for said in found if card.pk in said for link in said[card.pk].links],
        )
        for card in (one.card for one in held)
    }


def to_do(user_id: UUID) -> list[ToDo]:
    """List what an account has to do."""
    return [one for find in _finds if (one := find(user_id))]

"""One kind of work on a card: one permission, one service and one sentence about the outcome."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from accounts.models import User
from cards.dimensions import Role, Via
from cards.events import Actor
from cards.models import Card
from desk.forms import ReasonForm
from desk.roles import roles_of

CHANGED = gettext_lazy("The card changed in the meantime. Nothing was done; look at it again.")


class NotPossible(Exception):
    """What cannot be done to this card now; its text is the sentence that staff read."""


@dataclass(frozen=True)
class CardAction(ABC):
    """One kind of work on a card."""

    slug: str
    permission: str
    title: Any
    button: Any
    warning: Any = ""
    """What to know before pressing."""
    for_good: bool = False
    """Whether there is no way back, so that staff say once more that they are sure."""

    def allowed(self, user: User) -> bool:
        """Whether this member of staff may do it at all."""
        return user.has_perm(self.permission) and bool(roles_of(user))

    @abstractmethod
    def reasons(self, card: Card, user: User) -> list[tuple[str, str]]:
        """The reasons to choose from; raises NotPossible when the card, as it is, leaves none."""

    def is_possible(self, card: Card, user: User) -> bool:
        """Whether it can be done to this card now, by this member of staff: only then there is a button."""
        try:
            return bool(self.reasons(card, user))
        except NotPossible:
            return False

    def warning_about(self, card: Card) -> Any:
        """What to know before pressing, as this card stands."""
        return self.warning

    def ways(self, card: Card) -> list[tuple[str, str]] | None:
        """The ways to choose from by which something is sent; None where nothing is sent."""
        return None

    def whom(self, card: Card) -> list[tuple[str, str]] | None:
        """The people to choose from whom it is done to; None where it is done to the card."""
        return None

    def form(self, card: Card, user: User, posted: Any) -> ReasonForm:
        """What staff fill in; raises NotPossible like `reasons`."""
        return ReasonForm(
            posted,
            reasons=self.reasons(card, user),
            ways=self.ways(card),
            whom=self.whom(card),
            for_good=self.for_good,
        )

    @abstractmethod
    def perform(self, card: Card, user: User, given: dict[str, Any]) -> str:
        """Do it and say what was done; raises NotPossible, and nothing was changed."""


def done_by(role: Role, user: User, given: dict[str, Any]) -> dict[str, Any]:
    """What a service is told of who acts, and why."""
    actor = Actor.staff(user.pk, role)
    return {"actor": actor, "channel": Via.ADMIN, "reason": given["reason"], "comment": given["comment"].strip()}

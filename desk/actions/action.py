"""One kind of work on a card or an account: one permission, one service and one sentence about the outcome."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext_lazy

from accounts.models import User
from cards.dimensions import Role, Via
from cards.events import Actor
from cards.models import Card
from desk.forms import ReasonForm
from desk.roles import roles_of

CHANGED = gettext_lazy("The card changed in the meantime. Nothing was done; look at it again.")

Row = TypeVar("Row", Card, User)


class NotPossible(Exception):
    """What cannot be done to this row now; its text is the sentence that staff read."""


@dataclass(frozen=True)
class Action(ABC, Generic[Row]):
    """One kind of work on rows of a table."""

    slug: str
    permission: str
    title: Any
    button: Any
    warning: Any = ""
    """What to know before pressing."""
    sure: Any = ""
    """What staff say once more before what cannot be taken back; empty where it can."""

    def allowed(self, user: User) -> bool:
        """Whether this member of staff may do it at all."""
        return user.has_perm(self.permission) and bool(roles_of(user))

    @abstractmethod
    def reasons(self, row: Row, user: User, /) -> list[tuple[str, str]]:
        """The reasons to choose from; raises NotPossible when the row, as it is, leaves none."""

    def is_possible(self, row: Row, user: User, /) -> bool:
        """Whether it can be done to this row now, by this member of staff: only then there is a button."""
        try:
            return bool(self.reasons(row, user))
        except NotPossible:
            return False

    def warning_about(self, row: Row, /) -> Any:
        """What to know before pressing, as this row stands."""
        return self.warning

    def ways(self, row: Row, /) -> list[tuple[str, str]] | None:
        """The ways to choose from by which something is sent; None where nothing is sent."""
        return None

    def whom(self, row: Row, /) -> list[tuple[str, str]] | None:
        """The people to choose from whom it is done to; None where it is done to the row."""
        return None

    def form(self, row: Row, user: User, posted: Any, /) -> ReasonForm:
        """What staff fill in; raises NotPossible like `reasons`."""
        return ReasonForm(
            posted,
            reasons=self.reasons(row, user),
            ways=self.ways(row),
            whom=self.whom(row),
            sure=self.sure,
        )

    @abstractmethod
    def perform(self, row: Row, user: User, given: dict[str, Any], /) -> str:
        """Do it and say what was done; raises NotPossible, and nothing was changed."""


CardAction = Action[Card]
AccountAction = Action[User]


def done_by(role: Role, user: User, given: dict[str, Any]) -> dict[str, Any]:
    """What a service is told of who acts, and why."""
    actor = Actor.staff(user.pk, role)
    return {"actor": actor, "channel": Via.ADMIN, "reason": given["reason"], "comment": given["comment"].strip()}

"""Freezing and closing cards: what moves a card to another state."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.refusals import NothingToReport
from accounts.services import freeze_card, report_lost
from cards import moves, states
from cards.dimensions import Role, State
from cards.events import Actor
from cards.masks import mask_card
from cards.models import Card
from desk.actions.action import CHANGED, CardAction, NotPossible, done_by
from desk.reasons import labelled
from desk.roles import roles_of

LOSSES = frozenset({"lost", "stolen"})


@dataclass(frozen=True)
class MoveCard(CardAction):
    """Move the card to another state."""

    to: State = State.SUSPENDED
    done: Any = ""

    @abstractmethod
    def move(self, card: Card, **done_by: Any) -> bool:
        """Move it, if the card still is as staff saw it; whether that was so."""

    def takes(self, reason: str) -> bool:
        """Whether this is the place for a reason that the table of moves knows."""
        return True

    def role(self, card: Card, user: User) -> Role:
        """As which of their roles this user may move this card."""
        for role in roles_of(user):
            if moves.reasons(start=State(card.state), to=self.to, who=Actor.staff(user.pk, role).who):
                return role
        raise NotPossible(self.why_not(card) % {"state": card.get_state_display(), "to": self.to.label})

    def why_not(self, card: Card) -> str:
        """Whether it is so already, or another role could, or nobody."""
        if card.state == self.to:
            return _("This card is “%(state)s” already.")
        everybody = (Actor.staff(card.pk, role).who for role in Role)
        if any(moves.reasons(start=State(card.state), to=self.to, who=who) for who in everybody):
            return _("This card is “%(state)s”. From there, your role cannot make it “%(to)s”.")
        return _("This card is “%(state)s”. From there it cannot become “%(to)s”.")

    def reasons(self, card: Card, user: User) -> list[tuple[str, str]]:
        """Those that the table of moves knows."""
        who = Actor.staff(user.pk, self.role(card, user)).who
        known = moves.reasons(start=State(card.state), to=self.to, who=who)
        return labelled([reason for reason in known if self.takes(reason)])

    def perform(self, card: Card, user: User, given: dict[str, Any]) -> str:
        """Move."""
        if not self.move(card, **done_by(self.role(card, user), user, given)):
            raise NotPossible(CHANGED)
        return str(self.done)


class FreezeCard(MoveCard):
    """Freeze the card, as its holder would: every contact is told, and the holder can lift it within seven days."""

    def move(self, card: Card, **done_by: Any) -> bool:
        """Freeze an active card."""
        return freeze_card(card_id=card.pk, **done_by) is not None


class CloseCard(MoveCard):
    """Close the card for good, for any reason but a loss, which asks for a new card as well."""

    def takes(self, reason: str) -> bool:
        """All but those of a loss."""
        return reason not in LOSSES

    def move(self, card: Card, **done_by: Any) -> bool:
        """Close, if the card still is in the state that staff saw."""
        return states.move(card_id=card.pk, to=self.to, allowed_from=[State(card.state)], **done_by)


class ReportLost(MoveCard):
    """Close the card because it is lost, and ask for a new one unless one is named."""

    def warning_about(self, card: Card) -> Any:
        """Another card is asked for only where none is named."""
        if card.replaced_by is None:
            return self.warning
        sentence = _("The card stops working at once and for good. Its place is taken by the card %(card)s.")
        return sentence % {"card": mask_card(card.replaced_by.number_tail)}

    def perform(self, card: Card, user: User, given: dict[str, Any]) -> str:
        """Report, and say which card takes its place, or that one was asked for."""
        done = super().perform(card, user, given)
        card.refresh_from_db(fields=["replaced_by"])
        if card.replaced_by is None:
            return done
        sentence = _("The card is reported lost. Its place is taken by the card %(card)s.")
        return sentence % {"card": mask_card(card.replaced_by.number_tail)}

    def takes(self, reason: str) -> bool:
        """Those of a loss."""
        return reason in LOSSES

    def move(self, card: Card, **done_by: Any) -> bool:
        """Report, if the card is not closed yet."""
        try:
            report_lost(card_id=card.pk, **done_by)
        except NothingToReport:
            return False
        return True

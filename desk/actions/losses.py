"""What staff do about a lost card beside closing it: letting its holder unfreeze it late."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import LossReport, User
from accounts.refusals import CannotBeUnfrozen
from accounts.services import allow_unfreezing
from cards.dimensions import State
from cards.models import Card
from desk.actions.action import CHANGED, CardAction, NotPossible, done_by
from desk.reasons import labelled
from desk.roles import roles_of
from pages.times import moment_told


class AllowUnfreezing(CardAction):
    """Let the cardholder unfreeze the card by a code, once more for a day. Staff never lift a freeze themselves."""

    def reasons(self, card: Card, user: User) -> list[tuple[str, str]]:
        """Any, as long as the card is frozen and its holder cannot do it."""
        reports = LossReport.objects.filter(card=card)
        if card.state != State.SUSPENDED or not reports.open().exists():
            raise NotPossible(_("This card is not frozen."))
        if report := reports.liftable(timezone.now()).first():
            raise NotPossible(_said_until(_("The cardholder can unfreeze it until %(time)s."), report))
        return labelled(("found", "requested", "other"))

    def perform(self, card: Card, user: User, given: dict[str, Any]) -> str:
        """Allow it, if it still is so."""
        try:
            report = allow_unfreezing(card_id=card.pk, **done_by(roles_of(user)[0], user, given))
        except CannotBeUnfrozen as refusal:
            raise NotPossible(CHANGED) from refusal
        return _said_until(_("The cardholder can unfreeze it until %(time)s, and has been told so."), report)


def _said_until(sentence: str, report: LossReport) -> str:
    return sentence % {"time": moment_told(report.liftable_until)}

"""What staff do about a lost card beside closing it: naming the new one, and letting its holder unfreeze it late."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import LossReport, User
from accounts.refusals import CannotBeUnfrozen
from accounts.services import allow_unfreezing, replace_card
from cards.dimensions import State, Via
from cards.events import Actor
from cards.folding import fold
from cards.models import Card
from desk.actions.card_action import CHANGED, CardAction, NotPossible, done_by
from desk.reasons import labelled
from desk.roles import roles_of
from vault.blind_index import blind_index


class NameReplacement(CardAction):
    """Write down which card takes this one's place."""

    asks_number = True

    def reasons(self, card: Card, user: User) -> list[tuple[str, str]]:
        """Why there is another card."""
        if card.replaced_by_id:
            raise NotPossible(_("Another card takes its place already."))
        return labelled(("lost", "stolen", "damaged", "other"))

    def perform(self, card: Card, user: User, given: dict[str, Any]) -> str:
        """Name it, if it is a card of the same programme that is not closed."""
        number = fold(given["number"])
        new = Card.objects.filter(number_index=blind_index("card_number", number)).first()
        actor = Actor.staff(user.pk, roles_of(user)[0])
        if new is None or not replace_card(card_id=card.pk, replacement_id=new.pk, actor=actor, channel=Via.ADMIN):
            raise NotPossible(_("No open card of this programme has this number, or it takes another one's place."))
        return _("The new card is written down. When it is activated, this one is closed for good.")


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
    return sentence % {"time": date_format(timezone.localtime(report.liftable_until), "DATETIME_FORMAT")}

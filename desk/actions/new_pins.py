"""Stopping a new PIN. Staff never set one, and never see one."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import PinReset, User
from accounts.services import stop_pin_reset
from cards.models import Card
from desk.actions.action import CHANGED, CardAction, NotPossible, done_by
from desk.reasons import labelled
from desk.roles import roles_of


class StopNewPin(CardAction):
    """Drop a new PIN that does not work yet; the old one works on, and every contact is told."""

    def reasons(self, card: Card, user: User) -> list[tuple[str, str]]:
        """Any, as long as a new PIN is on its way."""
        if not PinReset.objects.open().filter(card=card).exists():
            raise NotPossible(_("No new PIN is on its way for this card."))
        return labelled(("requested", "fraud", "other"))

    def perform(self, card: Card, user: User, given: dict[str, Any]) -> str:
        """Stop it, if it still is on its way."""
        if not stop_pin_reset(card_id=card.pk, **done_by(roles_of(user)[0], user, given)):
            raise NotPossible(CHANGED)
        return _("The new PIN was dropped. The old one works on.")

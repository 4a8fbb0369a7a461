"""Ending somebody's help with a card for a holder who calls. Staff let nobody help: that takes the holder's code."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.binding.notices import mask_of
from accounts.models import CardHelper, User
from accounts.services import end_help
from cards.models import Card
from desk.actions.action import CHANGED, CardAction, NotPossible, done_by
from desk.reasons import labelled
from desk.roles import roles_of
from pages.times import moment_told


class EndHelp(CardAction):
    """End one person's help; they and every contact of the holder are told."""

    def reasons(self, card: Card, user: User) -> list[tuple[str, str]]:
        """Any, as long as somebody helps."""
        if not CardHelper.objects.live().filter(card=card).exists():
            raise NotPossible(_("Nobody helps with this card."))
        return labelled(("requested", "fraud", "other"))

    def whom(self, card: Card) -> list[tuple[str, str]]:
        """Those who help now, masked as the holder sees them."""
        sentence = _("%(helper)s, since %(time)s")
        return [
            (
                str(one.pk),
                sentence % {"helper": mask_of(one.user), "time": moment_told(one.since)},
            )
            for one in CardHelper.objects.live().filter(card=card).select_related("user").order_by("since")
        ]

    def perform(self, card: Card, user: User, given: dict[str, Any]) -> str:
        """End it, if it has not ended meanwhile."""
        helper_id = UUID(given["whom"])
        if not end_help(card_id=card.pk, helper_id=helper_id, **done_by(roles_of(user)[0], user, given)):
            raise NotPossible(CHANGED)
        return _("The help has ended.")

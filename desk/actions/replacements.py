"""Which card takes another one's place: naming it, and taking that back before it is activated."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import replace_card, take_back_replacement
from cards.dimensions import Role
from cards.folding import fold
from cards.models import Card
from cards.moves import TERMINAL
from desk.actions.action import CHANGED, CardAction, NotPossible, done_by
from desk.forms import ReasonForm
from desk.reasons import labelled
from desk.replacement_form import ReplacementForm
from vault.blind_index import blind_index


class NameReplacement(CardAction):
    """Write down which card takes this one's place."""

    def reasons(self, card: Card, user: User) -> list[tuple[str, str]]:
        """Why there is another card."""
        if card.replaced_by_id:
            raise NotPossible(_("Another card takes its place already."))
        return labelled(("lost", "stolen", "damaged", "other"))

    def form(self, card: Card, user: User, posted: Any) -> ReasonForm:
        """Shows the card of the number before it is named."""
        return ReplacementForm(
            posted, old=card, find=lambda number: new_card_for(card, number), reasons=self.reasons(card, user)
        )

    def perform(self, card: Card, user: User, given: dict[str, Any]) -> str:
        """Name it, if it still can be. The issuer's operators do that; so does who may do everything."""
        new = new_card_for(card, given["number"])
        if not replace_card(card_id=card.pk, replacement_id=new.pk, **done_by(Role.OPERATOR, user, given)):
            raise NotPossible(CHANGED)
        card.refresh_from_db(fields=["state"])
        if card.state in TERMINAL:
            return _("The new card is written down. This one is closed for good.")
        return _("The new card is written down. When it is activated, this one is closed for good.")


class TakeBackReplacement(CardAction):
    """Take that back while the new card has not been activated."""

    def warning_about(self, card: Card) -> Any:
        """A card that is closed stays so."""
        return _("This card stays closed.") if card.state in TERMINAL else self.warning

    def reasons(self, card: Card, user: User) -> list[tuple[str, str]]:
        """Any, as long as nothing has come of it."""
        if card.replaced_by is None:
            raise NotPossible(_("No new card is named for this one."))
        if card.replaced_by.activated_at:
            raise NotPossible(_("The new card has been activated. This cannot be taken back any more."))
        return labelled(("wrong_card", "other"))

    def perform(self, card: Card, user: User, given: dict[str, Any]) -> str:
        """Take it back, if the new card has not been activated meanwhile."""
        if not take_back_replacement(card_id=card.pk, **done_by(Role.OPERATOR, user, given)):
            raise NotPossible(CHANGED)
        return _("It is taken back. No new card is named for this one.")


def new_card_for(card: Card, number: str) -> Card:
    """The card of this number, if it can take the place of `card`. Raises ValidationError."""
    index = blind_index("card_number", fold(number))
    open_cards = Card.objects.exclude(state__in=TERMINAL).exclude(pk=card.pk)
    new = open_cards.filter(number_index=index, programme=card.programme_id, replaces=None).first()
    if new is None:
        raise ValidationError(_("No open card of this programme has this number, or it takes another one's place."))
    if (new.id_type, new.id_number_index) != (card.id_type, card.id_number_index):
        raise ValidationError(
            _(
                "That card is registered for another identity document, so it is not this cardholder's. If the "
                "document itself has changed, close this card once the new one is in use."
            )
        )
    return new

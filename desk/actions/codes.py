"""Sending and revoking activation codes."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.contacts import mask
from accounts.models import User
from activation.issuing import code_is_of_use
from activation.models import ActivationCode
from activation.refusals import (
    CardTakesNoCode,
    CodeInUse,
    ContactNotRegistered,
    NoCodeToRevoke,
    ProgrammeClosed,
    SendTooEarly,
    TooManySends,
)
from activation.services import revoke_code, send_code
from activation.services.revoke_code import REASONS as REVOKE_REASONS
from activation.services.send_code import REASONS as SEND_REASONS
from cards.dimensions import Channel, State
from cards.models import Card
from desk.actions.action import CardAction, NotPossible, done_by
from desk.reasons import labelled
from desk.roles import roles_of
from pages.times import clock


class SendCode(CardAction):
    """Send the activation code to a registered contact."""

    def reasons(self, card: Card, user: User) -> list[tuple[str, str]]:
        """Any, as long as the card waits to be activated."""
        if card.state != State.PENDING_ACTIVATION:
            raise NotPossible(_takes_no_code(card))
        if not code_is_of_use(card, timezone.now()):
            raise NotPossible(_of_no_use())
        return labelled(SEND_REASONS)

    def ways(self, card: Card) -> list[tuple[str, str]]:
        """The registered contacts, masked: staff choose the way, never the address."""
        return [
            (
                contact.channel,
                _("%(channel)s: %(contact)s")
                % {"channel": Channel(contact.channel).label, "contact": mask(contact.address)},
            )
            for contact in card.registered_contacts()
        ]

    def perform(self, card: Card, user: User, given: dict[str, Any]) -> str:
        """Send."""
        try:
            send_code(card_id=card.pk, by=Channel(given["by"]), **done_by(roles_of(user)[0], user, given))
        except (SendTooEarly, TooManySends) as refusal:
            sentence = _("Codes were sent for this card a short time ago. The next one can be sent after %(time)s.")
            raise NotPossible(sentence % {"time": clock(refusal.until, until=True)}) from refusal
        except CardTakesNoCode as refusal:
            card.refresh_from_db()
            raise NotPossible(_takes_no_code(card)) from refusal
        except ProgrammeClosed as refusal:
            raise NotPossible(_of_no_use()) from refusal
        except ContactNotRegistered as refusal:
            raise NotPossible(_("The issuer has registered no such contact for this card.")) from refusal
        to = dict(self.ways(card))[given["by"]]
        return _("The activation code is on its way. %(to)s") % {"to": to}


class RevokeCode(CardAction):
    """End the activation code."""

    def reasons(self, card: Card, user: User) -> list[tuple[str, str]]:
        """Any, as long as there is a code."""
        if not ActivationCode.objects.live(timezone.now()).filter(card=card).exists():
            raise NotPossible(_("This card has no code that is still good."))
        return labelled(REVOKE_REASONS)

    def perform(self, card: Card, user: User, given: dict[str, Any]) -> str:
        """Revoke."""
        try:
            revoke_code(card_id=card.pk, **done_by(roles_of(user)[0], user, given))
        except NoCodeToRevoke as refusal:
            raise NotPossible(_("This card has no code that is still good.")) from refusal
        except CodeInUse as refusal:
            sentence = _("The details given with this code are being checked. Freeze or close the card instead.")
            raise NotPossible(sentence) from refusal
        return _("The code was revoked. It does not work any more.")


def _takes_no_code(card: Card) -> str:
    sentence = _("This card is “%(state)s”. A code is sent only for a card that is “%(needed)s”.")
    return sentence % {"state": card.get_state_display(), "needed": State.PENDING_ACTIVATION.label}


def _of_no_use() -> str:
    return _("This card's programme is not open now (Opens, Closes). A code sent now would open nothing.")

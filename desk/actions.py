"""What staff may do to a card by hand: each is one permission, one service and one sentence about the outcome."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.contacts import mask
from accounts.models import User
from accounts.refusals import NothingToReport
from accounts.services import freeze_card, replace_card, report_lost
from activation.refusals import (
    CardTakesNoCode,
    CodeInUse,
    ContactNotRegistered,
    NoCodeToRevoke,
    SendTooEarly,
    TooManySends,
)
from activation.services import revoke_code, send_code
from activation.services.revoke_code import REASONS as REVOKE_REASONS
from activation.services.send_code import REASONS as SEND_REASONS
from cards import moves, states
from cards.dimensions import Channel, Role, State, Via
from cards.events import Actor
from cards.folding import fold
from cards.models import Card
from desk.reasons import labelled
from desk.roles import roles_of
from vault.blind_index import blind_index

LOSSES = frozenset({"lost", "stolen"})
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

    asks_number: ClassVar[bool] = False
    """Whether staff type in the number of another card."""

    def allowed(self, user: User) -> bool:
        """Whether this member of staff may do it at all."""
        return user.has_perm(self.permission) and bool(roles_of(user))

    @abstractmethod
    def reasons(self, card: Card, user: User) -> list[tuple[str, str]]:
        """The reasons to choose from; raises NotPossible when the card, as it is, leaves none."""

    def ways(self, card: Card) -> list[tuple[str, str]] | None:
        """The ways to choose from by which something is sent; None where nothing is sent."""
        return None

    @abstractmethod
    def perform(self, card: Card, user: User, given: dict[str, Any]) -> str:
        """Do it and say what was done; raises NotPossible, and nothing was changed."""


class SendCode(CardAction):
    """Send the activation code to a registered contact."""

    def reasons(self, card: Card, user: User) -> list[tuple[str, str]]:
        """Any, as long as the card waits to be activated."""
        if card.state != State.PENDING_ACTIVATION:
            raise NotPossible(_takes_no_code(card))
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
            send_code(card_id=card.pk, by=Channel(given["by"]), **_done_by(user, roles_of(user)[0], given))
        except (SendTooEarly, TooManySends) as refusal:
            until = date_format(localtime(refusal.until), "DATETIME_FORMAT")
            sentence = _("Codes were sent for this card a short time ago. The next one can be sent after %(time)s.")
            raise NotPossible(sentence % {"time": until}) from refusal
        except CardTakesNoCode as refusal:
            card.refresh_from_db()
            raise NotPossible(_takes_no_code(card)) from refusal
        except ContactNotRegistered as refusal:
            raise NotPossible(_("The issuer has registered no such contact for this card.")) from refusal
        to = dict(self.ways(card))[given["by"]]
        return _("The activation code is on its way. %(to)s") % {"to": to}


class RevokeCode(CardAction):
    """End the activation code."""

    def reasons(self, card: Card, user: User) -> list[tuple[str, str]]:
        """Any, as long as there is a code."""
        if not card.activation_codes.unfinished().exists():
            raise NotPossible(_("This card has no code that is still good."))
        return labelled(REVOKE_REASONS)

    def perform(self, card: Card, user: User, given: dict[str, Any]) -> str:
        """Revoke."""
        try:
            revoke_code(card_id=card.pk, **_done_by(user, roles_of(user)[0], given))
        except NoCodeToRevoke as refusal:
            raise NotPossible(_("This card has no code that is still good.")) from refusal
        except CodeInUse as refusal:
            sentence = _("The details given with this code are being checked. Freeze or close the card instead.")
            raise NotPossible(sentence) from refusal
        return _("The code was revoked. It does not work any more.")


@dataclass(frozen=True)
class MoveCard(CardAction):
    """Move the card to another state."""

    to: State = State.SUSPENDED
    done: Any = ""

    def role(self, card: Card, user: User) -> Role:
        """As which of their roles this user may move this card."""
        for role in roles_of(user):
            if moves.reasons(start=State(card.state), to=self.to, who=Actor.staff(user.pk, role).who):
                return role
        raise NotPossible(
            _("This card is “%(state)s”. From there, your role cannot make it “%(to)s”.")
            % {"state": card.get_state_display(), "to": self.to.label}
        )

    def reasons(self, card: Card, user: User) -> list[tuple[str, str]]:
        """The reasons that the table of moves knows."""
        who = Actor.staff(user.pk, self.role(card, user)).who
        return labelled(moves.reasons(start=State(card.state), to=self.to, who=who))

    def perform(self, card: Card, user: User, given: dict[str, Any]) -> str:
        """Move, if the card still is in the state that staff saw."""
        seen = State(card.state)
        done_by = _done_by(user, self.role(card, user), given)
        if not states.move(card_id=card.pk, to=self.to, allowed_from=[seen], **done_by):
            raise NotPossible(CHANGED)
        return str(self.done)


class FreezeCard(MoveCard):
    """Freeze the card, as its holder would: every contact is told, and the holder can lift it within seven days."""

    def perform(self, card: Card, user: User, given: dict[str, Any]) -> str:
        """Freeze, if it still can be."""
        if freeze_card(card_id=card.pk, **_done_by(user, self.role(card, user), given)) is None:
            raise NotPossible(CHANGED)
        return str(self.done)


class CloseCard(MoveCard):
    """Close the card for good, for any reason but a loss, which asks for a new card as well."""

    def reasons(self, card: Card, user: User) -> list[tuple[str, str]]:
        """The reasons that the table of moves knows, without those of a loss."""
        return [(reason, words) for reason, words in super().reasons(card, user) if reason not in LOSSES]


class ReportLost(MoveCard):
    """Close the card because it is lost, and ask for a new one."""

    def reasons(self, card: Card, user: User) -> list[tuple[str, str]]:
        """The reasons of a loss."""
        return [(reason, words) for reason, words in super().reasons(card, user) if reason in LOSSES]

    def perform(self, card: Card, user: User, given: dict[str, Any]) -> str:
        """Report, if the card is not closed yet."""
        try:
            report_lost(card_id=card.pk, **_done_by(user, self.role(card, user), given))
        except NothingToReport as refusal:
            raise NotPossible(CHANGED) from refusal
        return str(self.done)


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


def _done_by(user: User, role: Role, given: dict[str, Any]) -> dict[str, Any]:
    actor = Actor.staff(user.pk, role)
    return {"actor": actor, "channel": Via.ADMIN, "reason": given["reason"], "comment": given["comment"].strip()}


def _takes_no_code(card: Card) -> str:
    sentence = _("This card is “%(state)s”. A code is sent only for a card that is “%(needed)s”.")
    return sentence % {"state": card.get_state_display(), "needed": State.PENDING_ACTIVATION.label}


ACTIONS: tuple[CardAction, ...] = (
    SendCode(
        slug="send-code",
        permission="cards.send_code",
        title=gettext_lazy("Send activation code"),
        button=gettext_lazy("Send the code"),
        warning=gettext_lazy("The code goes to a contact that the issuer has registered, and to no other."),
    ),
    RevokeCode(
        slug="revoke-code",
        permission="cards.revoke_code",
        title=gettext_lazy("Revoke code"),
        button=gettext_lazy("Revoke the code"),
        warning=gettext_lazy("The card can be activated with a new code only."),
    ),
    FreezeCard(
        slug="suspend",
        permission="cards.suspend_card",
        title=gettext_lazy("Freeze card"),
        button=gettext_lazy("Freeze the card"),
        warning=gettext_lazy("The card stops working at once. The cardholder or an agent can lift this."),
        to=State.SUSPENDED,
        done=gettext_lazy("The card is frozen."),
    ),
    ReportLost(
        slug="report-lost",
        permission="cards.terminate_card",
        title=gettext_lazy("Report card lost"),
        button=gettext_lazy("Report the card lost"),
        warning=gettext_lazy("The card stops working at once and for good, and a new one is asked for."),
        for_good=True,
        to=State.TERMINATED,
        done=gettext_lazy("The card is reported lost. A new one has been asked for."),
    ),
    NameReplacement(
        slug="name-replacement",
        permission="cards.terminate_card",
        title=gettext_lazy("Name the new card"),
        button=gettext_lazy("Write it down"),
        warning=gettext_lazy("When the new card is activated, this one is closed for good in the same moment."),
    ),
    CloseCard(
        slug="terminate",
        permission="cards.terminate_card",
        title=gettext_lazy("Close card"),
        button=gettext_lazy("Close the card for good"),
        warning=gettext_lazy("The card, its codes and its PIN stop working at once and for good."),
        for_good=True,
        to=State.TERMINATED,
        done=gettext_lazy("The card is closed for good."),
    ),
)

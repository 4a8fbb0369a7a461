"""What an event of a card says to its cardholder: one sentence for every kind and every move of the state."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from cards.dimensions import State
from cards.models import CardEvent
from cards.models.card_event import EventKind

KINDS: dict[str, Any] = {
    EventKind.IMPORTED: _("The issuer registered the card with us"),
    EventKind.RECORD_CHANGED: _("The issuer changed what is registered for the card"),
    EventKind.CODE_ISSUED: _("An activation code was made for the card"),
    EventKind.CODE_SHOWN: _("The activation code was shown to you"),
    EventKind.CODE_REVOKED: _("The activation code was withdrawn"),
    EventKind.CODE_REFUSED: _("An activation code was refused"),
    EventKind.ATTEMPT_OPENED: _("The activation was begun"),
    EventKind.ATTEMPT_CLOSED: _("The activation ended before it was finished"),
    EventKind.CONTACT_CONFIRMED: _("A phone number or email address was confirmed"),
    EventKind.PIN_CHOSEN: _("The first PIN was chosen"),
    EventKind.PIN_SET: _("A new PIN took effect"),
    EventKind.PIN_RESET_BEGUN: _("A new PIN was chosen"),
    EventKind.PIN_RESET_ENDED: _("The new PIN was dropped, and the old one stayed"),
    EventKind.PIN_LOCKED: _("The PIN was locked after too many wrong ones"),
    EventKind.IDENTITY_MATCHED: _("The issuer confirmed your details"),
    EventKind.IDENTITY_REFUSED: _("The issuer could not confirm the details that were entered"),
    EventKind.BOUND: _("The card was added to your account"),
    EventKind.UNBOUND: _("The card was removed from your account"),
    EventKind.LOSS_CODE_SENT: _("A security code was sent, to freeze or unfreeze the card"),
    EventKind.REPLACEMENT_ASKED: _("A new card was asked for"),
    EventKind.REPLACEMENT_NAMED: _("The new card was registered"),
    EventKind.REPLACEMENT_UNNAMED: _("It was taken back which card is the new one"),
    EventKind.DENIED: _("You told us that it was not you, and we stopped what we could"),
    EventKind.ISSUER_TOLD: _("The issuer was told of it"),
}
MOVES: dict[str, Any] = {
    State.PENDING_FULFILMENT: _("The card is being made"),
    State.PENDING_ACTIVATION: _("The card can be activated"),
    State.ACTIVATING: _("The activation was sent to the issuer"),
    State.ACTIVE: _("The card was activated"),
    State.SUSPENDED: _("The card was frozen"),
    State.BLOCKED: _("The card was blocked"),
    State.TERMINATED: _("The card was closed"),
    State.EXPIRED: _("The card expired"),
}
MOVES_FROM: dict[tuple[str, str], Any] = {
    (State.ACTIVATING, State.PENDING_ACTIVATION): _("The card could not be activated"),
    (State.SUSPENDED, State.ACTIVE): _("The card was unfrozen"),
    (State.BLOCKED, State.ACTIVE): _("The card works again after a review"),
}
ENDS: dict[str, Any] = {
    "lost": _("The card was reported lost"),
    "stolen": _("The card was reported stolen"),
    "damaged": _("The card was closed because it is damaged"),
    "replaced": _("The card was closed because a new one takes its place"),
    "never_activated": _("The card was closed because it was never activated"),
}


def sentence_of(event: CardEvent) -> Any:
    """The lazy sentence of an event."""
    if event.kind != EventKind.MOVED:
        return KINDS.get(event.kind) or event.get_kind_display()
    if event.to_state == State.TERMINATED and event.reason in ENDS:
        return ENDS[event.reason]
    return MOVES_FROM.get((event.from_state, event.to_state)) or MOVES[event.to_state]

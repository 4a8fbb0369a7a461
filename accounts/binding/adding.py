"""Putting a card into an account whose owner a code has proved, or letting its owner help. Runs inside the caller's
transaction."""

from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from accounts.binding.joining import bind_card
from accounts.binding.notices import note_help, tell
from accounts.models import BindingCode, CardBinding, CardHelper, User
from accounts.models.binding_codes import Whose
from accounts.models.card_helpers import MOST_HELPERS
from accounts.refusals import CardNotAdded
from cards.dimensions import State, Via
from cards.events import Actor, record_event
from cards.models.card_event import EventKind

MOST_CARDS = 10
"""How many cards an account can add, its own and those it helps with; activating one is never refused."""
IN_USE = frozenset({State.ACTIVE, State.SUSPENDED, State.BLOCKED})


class Why(StrEnum):
    """What stands against adding a card."""

    NOT_ACTIVE = "not_active"
    YOURS = "yours"
    ELSEWHERE = "elsewhere"
    FULL = "full"
    HELPED_ENOUGH = "helped_enough"


HEADINGS = {
    Why.NOT_ACTIVE: _("This card is not active yet"),
    Why.YOURS: _("This card is already in your account"),
    Why.ELSEWHERE: _("This card is in another account"),
    Why.FULL: _("You cannot add more cards"),
    Why.HELPED_ENOUGH: _("Nobody else can help with this card"),
}


def add_card(code: BindingCode, at: datetime) -> CardBinding | CardHelper | CardNotAdded:
    """Add the code's card as the code says, and tell both sides. The card's own state stays as it is."""
    User.objects.select_for_update().get(pk=code.user_id)  # its cards are counted one after the other
    why = _against(code)
    if why is None:
        added = _bind(code, at) if code.whose == Whose.OWN else _help(code, at)
        if not isinstance(added, Why):
            return added
        why = added
    return CardNotAdded(why=why, card_id=code.card_id)


def _against(code: BindingCode) -> Why | None:
    card = code.card
    if card.state not in IN_USE or not card.activated_at:
        return Why.NOT_ACTIVE
    own = CardBinding.objects.live().filter(user=code.user_id)
    helped = CardHelper.objects.live().filter(user=code.user_id)
    if own.filter(card=card).exists() or (code.whose == Whose.HELPED and helped.filter(card=card).exists()):
        return Why.YOURS
    return Why.FULL if own.count() + helped.count() >= MOST_CARDS else None


def _bind(code: BindingCode, at: datetime) -> CardBinding | Why:
    """One INSERT that gives way to a binding already there, so that of two accounts one has the card."""
    binding = bind_card(card_id=code.card_id, user_id=code.user_id)
    if binding.user_id != code.user_id:
        return Why.ELSEWHERE
    CardHelper.objects.live().filter(card=code.card_id, user=code.user_id).update(ended_at=at)
    tell("card_bound", subject_id=binding.pk, card=code.card, user=code.user, at=at)
    return binding


def _help(code: BindingCode, at: datetime) -> CardHelper | Why:
    """Take the first free place: each is one INSERT that gives way, so that of many at once three get in."""
    helper = None
    for place in range(1, MOST_HELPERS + 1):
        wanted = CardHelper(card_id=code.card_id, user_id=code.user_id, place=place, since=at)
        CardHelper.objects.bulk_create([wanted], ignore_conflicts=True)
        if helper := CardHelper.objects.filter(pk=wanted.pk).first():
            break
    if helper is None:
        return Why.HELPED_ENOUGH
    actor = Actor.cardholder(code.user_id)
    record_event(card_id=code.card_id, kind=EventKind.HELPER_ADDED, actor=actor, channel=Via.WEB)
    note_help("begun", helper, actor)
    tell(
        "helper_added",
        theirs="helping_begun",
        subject_id=helper.pk,
        card=code.card,
        user=code.user,
        at=at,
    )
    return helper

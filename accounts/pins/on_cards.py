"""What "my cards" says of PINs: the ways to a new one, one that is on its way, and one that is old."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.beside_cards import Beside, ToDo
from accounts.models import PinReset, User
from accounts.pins.changes import why_unfit
from cards.dimensions import PinStatus, State
from cards.models import Card
from cards.models.pin import Pin
from pages.markup import with_digits
from pages.times import clock

OLD = timedelta(days=180)


def beside_cards(cards: Sequence[Card]) -> Mapping[UUID, Beside]:
    """Only cards that can get a PIN have the links; a locked one is reset, not changed."""
    fit = [card for card in cards if not why_unfit(card)]
    delayed = PinReset.objects.delayed(timezone.now()).filter(card__in=[card.pk for card in fit])
    from_when = dict(delayed.values_list("card_id", "takes_effect_at")) if fit else {}
    return {card.pk: Beside(_facts(card, from_when), _links(card)) for card in fit}


def remind(user_id: UUID) -> ToDo | None:
    """The account's oldest PIN, if it is more than 180 days old and the person has not switched this off."""
    old = Pin.objects.current().filter(
        chosen_at__lte=timezone.now() - OLD,
        card__state=State.ACTIVE,
        card__pin_status=PinStatus.OK,
        card__bindings__user__in=User.objects.filter(pk=user_id, remind_of_pin=True),
        card__bindings__ended_at=None,
    )
    oldest = old.select_related("card").order_by("chosen_at").first()
    if oldest is None:
        return None
    words = _("The PIN of your card ending in %(tail)s is more than 180 days old. You can change it if you like")
    address = reverse("accounts:change_pin", args=[oldest.card_id])
    return ToDo(with_digits(words, tail=oldest.card.number_tail), address)


def _facts(card: Card, from_when: Mapping[UUID, Any]) -> list[tuple[Any, Any]]:
    if card.pk not in from_when:
        return []
    with timezone.override(card.programme.zone):
        return [(_("New PIN"), _("works from %(time)s") % {"time": clock(from_when[card.pk])})]


def _links(card: Card) -> list[tuple[Any, str]]:
    reset = (pgettext("link", "Reset PIN"), reverse("accounts:pin", args=[card.pk]))
    change = (pgettext("link", "Change PIN"), reverse("accounts:change_pin", args=[card.pk]))
    return [reset] if card.pin_status == PinStatus.BLOCKED else [change, reset]

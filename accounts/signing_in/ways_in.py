"""By which contacts one signs in, and which registered ones do not sign in: an account has proved contacts only."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils.translation import pgettext

from accounts.binding.notices import contacts_of
from accounts.contacts import mask
from accounts.models import CardBinding, User
from cards.models import Card


@dataclass(frozen=True)
class WaysIn:
    """How the account of a card is opened, in masks: by its own contacts; `others` are registered for the card, too,
    and open it once they are added."""

    own: list[str]
    others: list[str]

    @property
    def said(self) -> str:
        """The account's own contacts, in the words of the current language."""
        one, *more = self.own
        return pgettext("contacts", "%(one)s or %(other)s") % {"one": one, "other": more[0]} if more else one


def ways_in(card: Card) -> WaysIn | None:
    """How the account that has this card is opened; None where it is in none."""
    binding = CardBinding.objects.live().filter(card=card).select_related("user").first()
    own = contacts_of(binding.user) if binding else []
    held = {contact.index for contact in own}
    others = [contact for contact in card.registered_contacts() if contact.index not in held]
    return WaysIn([mask(one.address) for one in own], [mask(one.address) for one in others]) if own else None


def card_behind(index: UUID) -> CardBinding | None:
    """The newest card in an open account that has this contact registered; asked where no account has the contact."""
    reached = Q(card__phone_index=index) | Q(card__email_index=index)
    bindings = CardBinding.objects.live().filter(reached, user__in=User.objects.cardholders())
    return bindings.select_related("card__programme", "user").order_by("-pk").first()


def registered_for_cards(user: User) -> dict[str, str]:
    """What an account lacks and one of its cards has: the mask of a phone, of an email, by the name of the column."""
    missing = [field for field in ("phone", "email") if not getattr(user, field)]
    bindings = CardBinding.objects.live().filter(user=user).select_related("card").order_by("pk") if missing else []
    held = [(field, getattr(binding.card, field)) for binding in bindings for field in missing]
    return {field: mask(contact) for field, contact in held if contact}

"""Cards that wait for activation and belong to who is signed in, though they are in no account yet."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from accounts.beside_cards import ToDo
from accounts.models import User
from cards.models import Card
from pages.markup import with_digits

WORDS: Any = pgettext_lazy("link", "Activation code of a card that waits for it")


def own_pending_cards(user_id: UUID) -> QuerySet[Card]:
    """Those whose registered phone or email is this account's, who has proved it.

    So what a page shows, the person would have read in a message there: it proves the same in the journey. A card that
    somebody keeps for another person is not one of them.
    """
    user = User.objects.filter(pk=user_id)
    phone, email = Subquery(user.values("phone_index")), Subquery(user.values("email_index"))
    reached = Q(phone_index=phone) | Q(email_index=email)  # each asked once, so that both indexes are used
    return Card.objects.waiting().filter(reached).select_related("programme").order_by("-pk")


def waiting(user_id: UUID) -> ToDo | None:
    """What "my cards" says on top: the newest card that waits."""
    card = own_pending_cards(user_id).first()
    if card is None:
        return None
    words = _("Your card ending in %(tail)s waits for activation. See its activation code")
    return ToDo(with_digits(words, tail=card.number_tail), reverse("activation:own-code"))

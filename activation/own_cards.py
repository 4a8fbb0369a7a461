"""Cards that are not active yet and belong to who is signed in, though most are in no account yet; their checks."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from accounts.beside_cards import Beside, ToDo
from accounts.models import CardBinding, User
from activation.models import ActivationAttempt
from cards.dimensions import State
from cards.models import Card
from pages.markup import with_digits

WORDS: Any = pgettext_lazy("link", "Activation code of a card that waits for it")


def own_pending_cards(user_id: UUID) -> QuerySet[Card]:
    """Those that wait for activation."""
    return _registered_to(user_id).filter(state=State.PENDING_ACTIVATION)


def own_attempt(user_id: UUID, reference: str) -> ActivationAttempt | None:
    """A submitted attempt at a card that is in this account, or registered to it; None alike for others' and none."""
    bound = CardBinding.objects.live().filter(user=user_id).values("card_id")
    submitted = ActivationAttempt.objects.filter(reference=reference, submitted_at__isnull=False)
    own = submitted.filter(Q(card__in=bound) | Q(card__in=_registered_to(user_id).order_by().values("pk")))
    return own.select_related("card__programme", "code").first()


def beside_cards(cards: Sequence[Card]) -> Mapping[UUID, Beside]:
    """What leads on with cards that are not active yet: the journey, or how far the check of one is."""
    said = {
        card.pk: Beside(links=[(_("Activate this card"), reverse("activation:enter-code"))])
        for card in cards
        if card.state == State.PENDING_ACTIVATION
    }
    checked = [card.pk for card in cards if card.state == State.ACTIVATING]
    attempts = ActivationAttempt.objects.awaiting_verdict().filter(card__in=checked) if checked else ()
    for attempt in attempts:
        said[attempt.card_id] = Beside(
            links=[(_("See progress"), reverse("activation:wait", args=[attempt.reference]))]
        )
    return said


def _registered_to(user_id: UUID) -> QuerySet[Card]:
    """Those whose registered phone or email is this account's, who has proved it.

    So what a page shows, the person would have read in a message there: it proves the same in the journey. A card that
    somebody keeps for another person is not one of them.
    """
    user = User.objects.filter(pk=user_id)
    phone, email = Subquery(user.values("phone_index")), Subquery(user.values("email_index"))
    reached = Q(phone_index=phone) | Q(email_index=email)  # each asked once, so that both indexes are used
    return Card.objects.filter(reached).select_related("programme").order_by("-pk")


def waiting(user_id: UUID) -> ToDo | None:
    """What "my cards" says on top: the newest card that waits, or is being checked."""
    card = _registered_to(user_id).filter(state__in=[State.PENDING_ACTIVATION, State.ACTIVATING]).first()
    if card is None:
        return None
    if card.state == State.ACTIVATING:
        attempt = ActivationAttempt.objects.awaiting_verdict().filter(card=card).first()
        words = _("Your card ending in %(tail)s is being checked. See progress")
        if attempt is None:  # the check ended this moment
            return None
        address = reverse("activation:wait", args=[attempt.reference])
        return ToDo(with_digits(words, tail=card.number_tail), address)
    words = _("Your card ending in %(tail)s waits for activation. See its activation code")
    return ToDo(with_digits(words, tail=card.number_tail), reverse("activation:own-code"))

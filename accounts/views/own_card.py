"""Pages of a card in one's own account, or of one that somebody lets one help with."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic import View

from accounts.binding.rights import Right, held_card
from accounts.models import User
from accounts.views.signed_in import see_sign_in
from cards.models import Card


class OwnCard(View):
    """Signed in only; a card of somebody else, or one that a helper may not do this with, is as missing as none."""

    of_account: ClassVar[bool] = True
    """Tells the frame around the page that it needs somebody signed in."""
    right: ClassVar[Right] = Right.MANAGE
    """What the page does with the card."""
    card: Card
    card_user_id: UUID
    """Who is signed in."""
    helping: bool
    """Whether the card is that of somebody they help."""

    def dispatch(self, request: HttpRequest, *args: Any, card_id: UUID, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return see_sign_in(request, self)
        held = held_card(user_id=request.user.pk, card_id=card_id, right=self.right)
        if held is None:
            raise Http404
        self.card, self.helping, self.card_user_id = held.card, held.helping, request.user.pk
        return super().dispatch(request, *args, **kwargs)

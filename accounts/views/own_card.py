"""Pages of a card in one's own account."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic import View

from accounts.models import CardBinding, User
from accounts.views.signed_in import see_sign_in
from cards.models import Card


class OwnCard(View):
    """Signed in only; a card of somebody else is as missing as one that does not exist."""

    card: Card
    card_user_id: UUID
    """Whose account it is in."""

    def dispatch(self, request: HttpRequest, *args: Any, card_id: UUID, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return see_sign_in(request)
        bindings = CardBinding.objects.live().filter(user_id=request.user.pk, card_id=card_id)
        binding = bindings.select_related("card__programme").first()
        if binding is None:
            raise Http404
        self.card, self.card_user_id = binding.card, binding.user_id
        return super().dispatch(request, *args, **kwargs)

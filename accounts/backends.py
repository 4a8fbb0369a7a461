"""How Django knows a cardholder again: the session of somebody who signed in with a one-time code."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from accounts.models import User


class OneTimeCodeBackend(BaseBackend):
    """Keeps cardholders signed in. It accepts no credentials: `accounts.services.sign_in` tries the code."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        return None

    def get_user(self, user_id: Any) -> User | None:
        return User.objects.cardholders().filter(pk=user_id).first()

"""Stopping at once whatever could still be done with a card: every room registers how it stops its own."""

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from accounts.models import BindingCode, CardBinding, LossCode, SignInCode
from accounts.models.cases import Done
from accounts.models.loss_codes import Act

Stop = Callable[[UUID, datetime], Collection[Done]]

_stops: list[Stop] = []


def register(stop: Stop) -> None:
    """Let `stop(card_id, at)` end what its room has under way for a card, and say what that was.

    Call it in `AppConfig.ready`. It runs inside a transaction, before the card itself is frozen, and takes its room's
    locks as its services do: what is decided while it waits, it finds decided.
    """
    if stop not in _stops:
        _stops.append(stop)


def stop_all(card_id: UUID, at: datetime) -> list[Done]:
    """End all of it, inside the caller's transaction; what was ended, each once."""
    return list(dict.fromkeys(done for stop in _stops for done in stop(card_id, at)))


def stop_codes(card_id: UUID, at: datetime) -> list[Done]:
    """Codes under way to whoever wants to lift a freeze or add the card, and to whoever signs in to its account."""
    holders = CardBinding.objects.live().filter(card_id=card_id).values("user_id")
    revoked = LossCode.objects.filter(card_id=card_id, act=Act.UNFREEZE).revoke(at)
    revoked += BindingCode.objects.filter(card_id=card_id).revoke(at)
    revoked += SignInCode.objects.filter(user__in=holders).revoke(at)
    return [Done.CODES_REVOKED] if revoked else []

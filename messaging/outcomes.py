"""What became of a message at its provider, marked on it.

Each mark is one conditional UPDATE that may come twice, late, or in any order: delivered wins over undelivered
whenever it comes, and nothing ever goes back.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from messaging.gateways.gateway import Outcome, ReceiptEntry
from messaging.instead import look_for_another_way
from messaging.models import Message
from messaging.tallies import DELIVERY, TallySheet


def find(gateway: str, entry: ReceiptEntry) -> Message | None:
    """The message that an entry of a receipt is about: by our own key, if that came back, else by the provider's id.

    The key finds a message whose answer we never got, and one of several that were taken under one id.
    """
    if entry.idempotency_key:
        found = Message.objects.filter(idempotency_key=entry.idempotency_key).first()
        if found is not None:
            return found
    if not entry.provider_id:
        return None
    taken = Message.objects.filter(gateway=gateway, provider_id=entry.provider_id[:200])[:2]
    return taken[0] if len(taken) == 1 else None


def mark(message: Message, outcome: Outcome, *, gateway: str, provider_id: str) -> None:
    """Write down what this gateway says of the message, and look for another way when it did not arrive.

    The moment is the provider's, but not before the message was written and not after now. A message that we do not
    know to be sent is sent from now on: its gateway has it.
    """
    now = timezone.now()
    at = min(max(outcome.at or now, message.created_at), now)
    same = Message.objects.filter(pk=message.pk)
    taken = _taken(at, gateway, provider_id)
    if outcome.state == "delivered":
        # A fact, whichever gateway tells it, and whatever we have made of the message meanwhile.
        new = same.filter(delivered_at=None).update(
            delivered_at=at, undelivered_at=None, dropped_at=None, dead_at=None, next_poll_at=None, failure="", **taken
        )
        if new:
            _count(gateway, "delivered", at - (message.sent_at or at))
        return
    ours = same.filter(gateway__in=("", gateway), dropped_at=None, dead_at=None)  # else it went another way since
    if outcome.state == "undelivered":
        undelivered = ours.filter(delivered_at=None, undelivered_at=None)
        if undelivered.update(undelivered_at=at, next_poll_at=None, failure=outcome.reason[:200], **taken):
            _count(gateway, "undelivered")
            look_for_another_way(message)
    else:
        ours.waiting().update(failure="", **taken)


def _taken(at: datetime, gateway: str, provider_id: str) -> dict[str, Any]:
    """The columns that say that the gateway has the message, where they do not say so yet."""
    new = Q(sent_at=None)
    return {
        "sent_at": Coalesce("sent_at", Value(at)),
        "leased_until": None,
        "gateway": Case(When(new, then=Value(gateway)), default=F("gateway")),
        "provider_id": Case(When(new, then=Value(provider_id[:200])), default=F("provider_id")),
    }


def _count(gateway: str, outcome: str, took: timedelta | None = None) -> None:
    sheet = TallySheet()
    sheet.outcome(gateway, outcome)
    if took is not None:
        sheet.seconds(DELIVERY, gateway, took)
    sheet.add()

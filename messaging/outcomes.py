"""What became of a message at its provider, marked on it.

Each mark is one conditional UPDATE that may come twice, late, or in any order: delivered wins over undelivered
whenever it comes, and nothing ever goes back.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from messaging.gateways.gateway import Outcome, ReceiptEntry
from messaging.instead import look_for_another_way
from messaging.models import Message
from messaging.tallies import DELIVERY, TallySheet

LONGEST_ID = 200

Told = tuple[str, ReceiptEntry]
"""The gateway that tells it, and what it tells."""


def find_all(told: Sequence[Told]) -> dict[Told, Message]:
    """The messages that entries of receipts are about: by our own key, if that came back, else by the provider's id.

    The key finds a message whose answer we never got, and one of several that were taken under one id; such an id
    alone finds none of them.
    """
    keys = {entry.idempotency_key for _gateway, entry in told} - {""}
    by_key = {one.idempotency_key: one for one in Message.objects.filter(idempotency_key__in=keys)}
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for gateway, entry in told:
        if entry.idempotency_key not in by_key and entry.provider_id:
            wanted[gateway].add(entry.provider_id[:LONGEST_ID])
    by_id: defaultdict[tuple[str, str], list[Message]] = defaultdict(list)
    for gateway, ids in wanted.items():
        for one in Message.objects.taken_as(gateway, ids):
            by_id[gateway, one.provider_id].append(one)
    found = {}
    for gateway, entry in told:
        alone = by_id.get((gateway, entry.provider_id[:LONGEST_ID]), [])
        message = by_key.get(entry.idempotency_key) or (alone[0] if len(alone) == 1 else None)
        if message is not None:
            found[gateway, entry] = message
    return found


def mark(message: Message, outcome: Outcome, *, gateway: str, provider_id: str, sheet: TallySheet) -> None:
    """Write down what this gateway says of the message, and look for another way when it did not arrive.

    The moment is the provider's, but not before the message was written and not after now. A message that we do not
    know to be sent is sent from now on: its gateway has it. What is new is counted on the sheet.
    """
    now = timezone.now()
    at = min(max(outcome.at or now, message.created_at), now)
    taken = _taken(at, gateway, provider_id)
    same = Message.objects.filter(pk=message.pk)
    # Only the gateway that it went by can say that it is on its way, or was lost there; a late word about a try before
    # we fell over to another says nothing of what that one did.
    ours = same.filter(gateway__in=("", gateway), dropped_at=None, dead_at=None)
    if outcome.state == "delivered":  # a fact, whoever tells it and whatever we have made of the message meanwhile
        new = same.filter(delivered_at=None).update(
            delivered_at=at, undelivered_at=None, dropped_at=None, dead_at=None, next_poll_at=None, failure="", **taken
        )
    elif outcome.state == "undelivered":
        lost = ours.filter(delivered_at=None, undelivered_at=None)
        new = lost.update(undelivered_at=at, next_poll_at=None, failure=outcome.reason[:200], **taken)
    else:
        new = ours.waiting().update(failure="", **taken)
    if not new:
        return
    if outcome.state == "delivered":
        sheet.outcome(gateway, "delivered")
        sheet.seconds(DELIVERY, gateway, at - (message.sent_at or at))
    elif outcome.state == "undelivered":
        sheet.outcome(gateway, "undelivered")
        look_for_another_way(message)


def _taken(at: datetime, gateway: str, provider_id: str) -> dict[str, Any]:
    """The columns that say that the gateway has the message, where they do not say so yet."""
    new = Q(sent_at=None)
    return {
        "sent_at": Coalesce("sent_at", Value(at)),
        "leased_until": None,
        "gateway": Case(When(new, then=Value(gateway)), default=F("gateway")),
        "provider_id": Case(When(new, then=Value(provider_id[:LONGEST_ID])), default=F("provider_id")),
    }

"""Codes and attempts for tests."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from activation.models import ActivationAttempt, ActivationCode
from cards.code_rules import CodeRule
from cards.dimensions import State
from cards.models import Card, Pin

SMS = CodeRule(6, timedelta(minutes=10))
EMAIL = CodeRule(12, timedelta(hours=24))
LETTER = CodeRule(12, timedelta(days=21))


def issue(card: Card, channel: str = "email", **changes: Any) -> ActivationCode:
    """A live activation code of the card, as it would be after it was sent by `channel`."""
    rule = {"sms": SMS, "email": EMAIL}.get(channel, LETTER)
    index = {"sms": card.phone_index, "email": card.email_index}.get(channel)
    at = changes.pop("at", timezone.now())
    code = ActivationCode.draw(
        rule=rule, channel=channel, at=at, card=card, card_version=card.record_version, contact_index=index
    )
    for name, value in changes.items():
        setattr(code, name, value)
    code.save(force_insert=True)
    return code


def unsubmitted(card: Card, *, closes_at: datetime, **changes: Any) -> ActivationAttempt:
    """An attempt with answers and a chosen PIN, its code reserved for it until it closes."""
    code = issue(card, "letter", at=closes_at - timedelta(hours=24), reserved_until=closes_at)
    opened_at = closes_at - timedelta(hours=24)
    attempt = ActivationAttempt(
        card=card,
        code=code,
        seat_hash="x",
        language="en",
        opened_at=opened_at,
        closes_at=closes_at,
        identity_confirmed_at=opened_at,
        answers=json.dumps({"name": card.holder_name, "id_type": card.id_type, "id_number": card.id_number}),
        pin_chosen_at=opened_at,
    )
    for name, value in changes.items():
        setattr(attempt, name, value)
    attempt.save(force_insert=True)
    Pin.objects.create(card=card, stage="pending", custody="local", secret="x", chosen_at=closes_at)
    return attempt


def submitted(card: Card, *, submitted_at: datetime) -> ActivationAttempt:
    """A submitted attempt that waits for its verdict, its card in the state that this brings."""
    Card.objects.filter(pk=card.pk).update(state=State.ACTIVATING, previous_state=State.PENDING_ACTIVATION)
    return unsubmitted(
        card,
        closes_at=submitted_at + timedelta(hours=1),
        contact_confirmed_at=submitted_at,
        agreed_at=submitted_at,
        submitted_at=submitted_at,
    )

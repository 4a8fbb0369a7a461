"""Codes and attempts for tests."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from activation.models import ActivationCode
from cards.code_rules import CodeRule
from cards.models import Card

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

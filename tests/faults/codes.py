"""Activation codes on their way to as many phones, and what the carrier made of them."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.contacts import mask
from activation.models import ActivationCode
from cards.code_rules import CodeRule
from cards.models import Card
from cards.tests.factories import CardFactory, ProgrammeFactory
from demo.carrier.server import Carrier
from messaging.models import Message


def queue_codes(count: int, *, urgent: bool = True, minutes: int = 20) -> None:
    """Write that many cards, each with a live code and the message that carries it, as a service would commit them."""
    now, rule = timezone.now(), CodeRule(6, timedelta(minutes=minutes))
    cards: list[Card] = CardFactory.build_batch(count, programme=ProgrammeFactory.create())
    codes = [
        ActivationCode.draw(rule=rule, channel="sms", at=now, card=card, card_version=card.record_version)
        for card in cards
    ]
    messages = []
    with transaction.atomic():
        Card.objects.bulk_create(cards, batch_size=1000)
        for card, code in zip(cards, codes, strict=True):
            code.contact_index = card.phone_index
            messages.append(
                Message(
                    kind="activation_code",
                    channel="sms",
                    urgent=urgent,
                    subject_id=code.pk,
                    programme_code=card.programme.code,
                    contact_index=code.contact_index or card.pk,
                    to_masked=mask(card.phone),
                    language=card.language,
                    idempotency_key=f"activation_code:{code.pk}",
                    deadline=code.expires_at,
                )
            )
        ActivationCode.objects.bulk_create(codes, batch_size=1000)
        Message.objects.bulk_create(messages, batch_size=1000)


@dataclass(frozen=True)
class Outcome:
    """`lost` were never taken by the carrier, `doubled` arrived there once more than they had to, `wrong` with other
    digits than their code has."""

    messages: int
    lost: int
    doubled: int
    wrong: int


def outcome(carrier: Carrier) -> Outcome:
    """Compare what was queued with what the carrier took."""
    keys = dict(Message.objects.values_list("idempotency_key", "subject_id"))
    digits = {code.pk: code.derive() for code in ActivationCode.objects.all()}
    taken = carrier.ledger.taken()
    times = Counter(call.key for call in taken)
    return Outcome(
        messages=len(keys),
        lost=len(keys.keys() - times.keys()),
        doubled=sum(count - 1 for count in times.values()),
        wrong=sum(1 for call in taken if call.body["params"]["code"] != digits[keys[call.key]]),
    )

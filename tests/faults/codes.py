"""Cards whose holders have codes, codes on their way to as many phones, and what the carrier made of them."""

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

Holder = dict[str, str]
"""What a card's holder knows: `number` of the card, `name`, `idno`, `phone`, and the `code` in their hand."""


def make_codes(count: int, *, minutes: float = 60, **card: object) -> list[ActivationCode]:
    """Write that many cards, each with a live code for its phone."""
    now, rule = timezone.now(), CodeRule(6, timedelta(minutes=minutes))
    cards: list[Card] = CardFactory.build_batch(count, programme=ProgrammeFactory.create(), **card)
    Card.objects.bulk_create(cards, batch_size=1000)
    codes = [
        ActivationCode.draw(
            rule=rule,
            channel="sms",
            at=now,
            card=card,
            card_version=card.record_version,
            contact_index=card.phone_index,
        )
        for card in cards
    ]
    return ActivationCode.objects.bulk_create(codes, batch_size=1000)


def make_holders(count: int) -> list[Holder]:
    """Write that many cards, each with a live code."""
    return [
        {
            "number": code.card.number,
            "phone": code.card.phone,
            "name": code.card.holder_name,
            "idno": code.card.id_number,
            "code": code.derive(),
        }
        for code in make_codes(count)
    ]


def queue_codes(count: int, *, urgent: bool = True, minutes: float = 20) -> None:
    """Write that many cards, each with a live code and the message that carries it, as a service would commit them."""
    with transaction.atomic():
        messages = [
            Message(
                kind="activation_code",
                channel="sms",
                urgent=urgent,
                subject_id=code.pk,
                programme_code=code.card.programme.code,
                contact_index=code.contact_index or code.pk,
                to_masked=mask(code.card.phone),
                language=code.card.language,
                idempotency_key=f"activation_code:{code.pk}",
                deadline=code.expires_at,
            )
            for code in make_codes(count, minutes=minutes)
        ]
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

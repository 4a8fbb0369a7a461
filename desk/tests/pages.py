"""A card with a whole story, and the pages that show it."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from accounts.account_events import record_done
from accounts.models import (
    BindingCode,
    CardBinding,
    CardHelper,
    Case,
    CodeRequest,
    LossCode,
    LossReport,
    PinReset,
    SignInCode,
)
from accounts.models.binding_codes import Whose
from accounts.models.loss_codes import Act
from accounts.tests.factories import UserFactory
from activation.models import ActivationAttempt, ActivationCode, ContactCode
from activation.tests.factories import issue
from cards.code_rules import SHORT
from cards.dimensions import Channel, Role, Via
from cards.events import Actor, record_event
from cards.models import Card, Pin
from cards.models.card_event import EventKind
from cards.tests.factories import CardFactory
from desk.models import DoneByStaff
from messaging.models import Message, Receipt
from messaging.tests.factories import make_message
from statements.models import Alert
from statements.tests.factories import come_in, record
from vault.ids import new_id

CANARIES = {
    "number": "6200987612345678",
    "holder_name": "欧阳金丝雀",
    "id_number": "110105194912310021",
    "phone": "+8613987654321",
    "email": "canary.of.the.card@example.com",
    "pin": "argon2-of-a-canary-pin",
    "account_phone": "+8613712345678",
    "account_email": "canary.of.the.account@example.com",
    "asked": "canary-body",
    "receipt": "canary-of-a-receipt",
}
OF_THE_CARD = ("number", "holder_name", "id_number", "phone", "email")


@dataclass
class Story:
    """A card, everything that hangs on it, and every value of it that may stand on no page."""

    card: Card
    code: ActivationCode
    attempt: ActivationAttempt
    contact_code: ContactCode
    sign_in_code: SignInCode
    message: Message
    rows: list[Model]
    secrets: dict[str, str]


def tell_story(**changes: str) -> Story:
    """Make a card that somebody is activating, with one row of every table."""
    at = timezone.now()
    facts = {name: changes.get(name, CANARIES[name]) for name in OF_THE_CARD}
    card = CardFactory.create(**facts)
    code = issue(card)
    attempt = ActivationAttempt.objects.create(
        card=card,
        code=code,
        seat_hash="seat-hash-canary",
        language="en",
        opened_at=at,
        closes_at=at + timedelta(hours=24),
        identity_confirmed_at=at,
        answers=f'{{"name": "{facts["holder_name"]}", "id_number": "{facts["id_number"]}"}}',
        contact=facts["phone"],
        contact_channel="sms",
        contact_index=card.phone_index,
    )
    contact_code = ContactCode.draw(
        rule=SHORT, channel=Channel.SMS, at=at, attempt=attempt, contact_index=card.phone_index
    )
    contact_code.save(force_insert=True)
    user = UserFactory.create(
        phone=changes.get("account_phone", CANARIES["account_phone"]),
        email=changes.get("account_email", CANARIES["account_email"]),
    )
    sign_in = SignInCode.draw(rule=SHORT, channel=Channel.SMS, at=at, user=user, contact_index=user.phone_index)
    sign_in.save(force_insert=True)
    binding = CardBinding.objects.create(user=user, card=card, bound_at=at)
    request = CodeRequest.objects.create(purpose="activation_code", body=CANARIES["asked"])
    pin = Pin.objects.create(card=card, stage=Pin.Stage.PENDING, custody="local", secret=CANARIES["pin"])
    message = make_message(
        kind="activation_code", subject_id=code.pk, contact_index=card.email_index, to_masked="c***@example.com"
    )
    receipt = Receipt.objects.create(gateway="http", body=CANARIES["receipt"])
    event = record_event(
        card_id=card.pk,
        kind=EventKind.ATTEMPT_OPENED,
        actor=Actor.cardholder(),
        channel=Via.WEB,
        reference=attempt.reference,
    )
    (paid,) = come_in(card, record(card, at, -900_000))
    alert = Alert.objects.get(transaction=paid, rule="amount")
    loss_code = LossCode.draw(
        rule=SHORT,
        channel=Channel.SMS,
        at=at,
        card=card,
        act=Act.FREEZE,
        seat=new_id(),
        contact_index=card.phone_index,
    )
    loss_code.save(force_insert=True)
    report = LossReport.objects.create(card=card, frozen_at=at, changed_at=at)
    case = Case.objects.create(card=card, opened_at=at)
    new_pin = PinReset.objects.create(
        card=card, way=PinReset.Way.FORGOTTEN, chosen_at=at, takes_effect_at=at, outcome="stopped", ended_at=at
    )
    helper = CardHelper.objects.create(user=user, card=card, place=1, since=at)
    binding_code = BindingCode.draw(
        rule=SHORT,
        channel=Channel.SMS,
        at=at,
        card=card,
        user=user,
        whose=Whose.HELPED,
        seat=new_id(),
        contact_index=card.phone_index,
    )
    binding_code.save(force_insert=True)
    done = record_done(
        user_id=user.pk,
        own="signed_out_everywhere",
        by_staff="signed_out_by_staff",
        actor=Actor.staff(new_id(), Role.AGENT),
        reason="requested",
    )
    codes = {"loss_code": loss_code.derive(), "binding_code": binding_code.derive()} | {
        "code": code.derive(),
        "contact_code": contact_code.derive(),
        "sign_in_code": sign_in.derive(),
    }
    return Story(
        card=card,
        code=code,
        attempt=attempt,
        contact_code=contact_code,
        sign_in_code=sign_in,
        message=message,
        rows=[
            card.programme,
            card,
            code,
            attempt,
            contact_code,
            user,
            sign_in,
            binding,
            request,
            message,
            receipt,
            event,
            paid,
            alert,
            loss_code,
            binding_code,
            helper,
            report,
            case,
            new_pin,
            DoneByStaff.objects.get(pk=done.pk),
        ],
        secrets={**CANARIES, **facts, **codes, "seat": "seat-hash-canary", "pin_row": str(pin.pk)},
    )


def list_of(row: Model | type[Model]) -> str:
    """The address of the list of a table."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_changelist")


def page_of(row: Model) -> str:
    """The address of a row's page."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def registered() -> set[type[Model]]:
    """Every table that the desk shows."""
    return set(admin.site._registry)

"""What the messages of the journey say, built from ids in the worker at the moment of sending."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from accounts.code_purposes import ACTIVATE
from accounts.loss import not_me
from accounts.loss.not_me import Notice, link_of, start_of
from accounts.messages import CodeEnvelopes
from accounts.signing_in.ways_in import ways_in
from activation.fallback import activation_code_instead, contact_code_instead
from activation.models import ActivationAttempt, ActivationCode, ContactCode
from cards.dimensions import Channel
from cards.models import Card, Programme
from cards.one_time_codes import derive, group
from cards.programmes import programme_by_id
from messaging.kinds import CODE_CHANNELS, Envelope, Kind, one_by, register
from messaging.models import Message
from pages.times import clock
from vault.any_of import AnyOf
from vault.bulk import opener
from vault.fields import Sealed
from vault.reading import read_values

ACTIVATION_CODE = pgettext_lazy("message", "Activation code")
CONTACT_CODE = pgettext_lazy("message", "Security code, to confirm a contact")


def register_kinds() -> None:
    impossible = pgettext_lazy("message", "Activation not possible")
    register(
        Kind(
            "activation_code",
            activation_code,
            build_all=activation_codes,
            channels=CODE_CHANNELS,
            instead=activation_code_instead,
            used=entered,
            label=ACTIVATION_CODE,
        )
    )
    register(
        Kind(
            "contact_code",
            contact_code,
            channels=CODE_CHANNELS,
            instead=contact_code_instead,
            used=confirmed,
            label=CONTACT_CODE,
        )
    )
    for name, build, label in (
        ("activation_reminder", activation_reminder, pgettext_lazy("message", "Reminder of a code")),
        ("card_active", card_active, pgettext_lazy("message", "Card is active")),
        ("activation_not_possible", activation_not_possible, impossible),
    ):
        register(Kind(name, build, label=label))
    for name in ("card_active", "activation_not_possible"):
        not_me.register(name, Notice(card_of_attempt))
    label = pgettext_lazy("message", "Invitation to activate")
    register(Kind("activation_invitation", activation_invitation, channels=("sms",), label=label))


class _Found(NamedTuple):
    """What a message with an activation code says of it and its card; the names are those of the columns."""

    id: UUID
    seed: bytes
    key_id: str
    digits: int
    channel: str
    expires_at: datetime
    card_id: UUID
    card__programme_id: UUID
    card__number_tail: str
    card__phone: Sealed | None
    card__phone_index: UUID | None
    card__email: Sealed | None
    card__email_index: UUID | None


def activation_codes(messages: Sequence[Message]) -> dict[UUID, Envelope]:
    """Address those messages whose code lives and whose contact is still the card's."""
    live = ActivationCode.objects.live_with_their_cards(timezone.now())
    found = live.filter(AnyOf("pk", [message.subject_id for message in messages]))
    codes = {row[0]: _Found._make(row) for row in read_values(found.values_list(*_Found._fields))}
    phone_of, email_of = opener(Card, "phone"), opener(Card, "email")
    envelopes, programmes, addressed = CodeEnvelopes(), _Programmes(), {}
    for message in messages:
        code = codes.get(message.subject_id)
        if code is None:
            continue
        if code.card__email_index == message.contact_index:
            to = email_of(code.card_id, code.card__email)
        elif code.card__phone_index == message.contact_index:
            to = phone_of(code.card_id, code.card__phone)
        else:
            continue
        promised, link = programmes[code.card__programme_id, code.channel]
        addressed[message.pk] = envelopes.tell(
            derive(ActivationCode.purpose, code.id.hex, bytes(code.seed), code.key_id, code.digits),
            code.expires_at,
            to,
            message,
            promised=promised,
            tail=code.card__number_tail,
            link=link,
        )
    return addressed


class _Programmes(dict[tuple[UUID, str], tuple[timedelta, str]]):
    """What a programme promises of codes by a channel, and where its cards are activated: found out once a batch."""

    def __missing__(self, key: tuple[UUID, str]) -> tuple[timedelta, str]:
        pk, channel = key
        programme = programme_by_id(pk) or Programme.objects.get(pk=pk)
        self[key] = programme.code_rule(channel).promised, start_of(programme)
        return self[key]


activation_code = one_by(activation_codes)


def contact_code(message: Message) -> Envelope | None:
    found = ContactCode.objects.live(timezone.now()).filter(pk=message.subject_id)
    code = found.select_related("attempt__card__programme").first()
    to = _contact(message, code.attempt.card) if code else ""
    return CodeEnvelopes().address(code, to, message, purpose=str(ACTIVATE)) if code and to else None


def entered(codes: Collection[UUID]) -> int:
    """How many of these activation codes have opened the journey, or lead back into it."""
    used = Q(consumed_at__isnull=False) | Q(reserved_until__isnull=False)
    return ActivationCode.objects.filter(used, pk__in=codes).count()


def confirmed(codes: Collection[UUID]) -> int:
    """How many of these security codes have confirmed a contact."""
    return ContactCode.objects.filter(pk__in=codes, consumed_at__isnull=False).count()


def activation_reminder(message: Message) -> Envelope | None:
    """Remind of a code that nobody has used; by email with its digits, if they went to the same address before."""
    at = timezone.now()
    unused = ActivationCode.objects.live(at).exclude(reserved_until__gt=at)
    code = unused.filter(pk=message.subject_id).select_related("card__programme").first()
    if code is None:
        return None
    again = message.channel == Channel.EMAIL and message.contact_index == code.contact_index
    with timezone.override(code.card.programme.zone):
        until = clock(code.expires_at)
    return _envelope(message, code.card, code=group(code.derive()) if again else "", until=until)


def activation_invitation(message: Message) -> Envelope | None:
    card = Card.objects.waiting().filter(pk=message.subject_id).select_related("programme").first()
    return _envelope(message, card) if card else None


def card_active(message: Message) -> Envelope | None:
    """Tell that the card works, where to see it, and with which contacts its account is opened."""
    return _about_attempt(message, _way_in)


def activation_not_possible(message: Message) -> Envelope | None:
    return _about_attempt(message)


def _way_in(card: Card) -> dict[str, str]:
    ways = ways_in(card)
    return {"link": f"{start_of(card.programme)}cards/", "contact": ways.said if ways else ""}


def _about_attempt(message: Message, more: Callable[[Card], dict[str, str]] | None = None) -> Envelope | None:
    attempt = ActivationAttempt.objects.filter(pk=message.subject_id).select_related("card__programme").first()
    if attempt is None or attempt.verdict_at is None:
        return None
    card = attempt.card
    with timezone.override(card.programme.zone):
        at = clock(attempt.verdict_at)
    not_me_link = link_of(message, card.programme)
    params = more(card) if more else {}
    return _envelope(message, card, reference=attempt.reference, at=at, not_me=not_me_link, **params)


def card_of_attempt(attempt_id: UUID) -> UUID | None:
    """The card that an attempt was for."""
    return ActivationAttempt.objects.filter(pk=attempt_id).values_list("card_id", flat=True).first()


def _contact(message: Message, card: Card) -> str:
    """The card's registered contact, if it still is the one that the message is for."""
    if message.contact_index == card.email_index:
        return card.email
    return card.phone if message.contact_index == card.phone_index else ""


def _envelope(message: Message, card: Card, **params: str) -> Envelope | None:
    to, programme = _contact(message, card), card.programme
    if not to:
        return None
    return Envelope(
        to=to,
        language=message.language,
        params={"tail": card.number_tail, "link": start_of(programme), "hotline": programme.hotline, **params},
        sender=programme.email_sender if message.channel == Channel.EMAIL else programme.sms_sender,
        service=programme.name,
        fixed_text=programme.fixed_text_sms,
    )

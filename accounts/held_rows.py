"""The rows about somebody in this room and in those below it, masked. Rooms below know of nobody."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from accounts.contacts import mask
from accounts.holdings import CHUNK
from accounts.models import (
    AccountCode,
    AccountEvent,
    BindingCode,
    CardBinding,
    CardHelper,
    Case,
    ContactChange,
    Device,
    LossCode,
    LossReport,
    PinReset,
    PinResetCode,
    SignInCode,
    User,
    UserSession,
)
from cards.masks import mask_forgotten_id, mask_name
from cards.models import Card, CardEvent
from cards.models.pin import Pin
from messaging.models import Message

Row = Mapping[str, Any]
Rows = Iterator[Row]
SENDABLE = ("kind", "channel", "to_masked", "created_at", "sent_at", "delivered_at")
CODES: tuple[Any, ...] = (SignInCode, AccountCode, BindingCode, PinResetCode)


def own_cards(user: User) -> QuerySet[Card]:
    """The cards in the account now: of a card that has left it, only that it was there."""
    return Card.objects.filter(pk__in=CardBinding.objects.live().filter(user=user).values("card_id")).order_by("pk")


def read(rows: QuerySet[Any], *names: str) -> Rows:
    """These columns of the rows, bit by bit."""
    return rows.values(*names).iterator(chunk_size=CHUNK)


def account(user: User) -> Rows:
    yield {
        "mobile_number": mask(user.phone) if user.phone else "",
        "email": mask(user.email) if user.email else "",
        "language": user.language,
        "reminded_of_old_pins": user.remind_of_pin,
        "created_at": user.created_at,
        "last_signed_in_at": user.last_login,
    }


def contact_changes(user: User) -> Rows:
    for change in ContactChange.objects.filter(user=user).order_by("pk").iterator(chunk_size=CHUNK):
        yield {
            "what": change.field,
            "old": mask(change.old) if change.old else "",
            "new": mask(change.new) if change.new else "",
            "asked_at": change.asked_at,
            "confirmed_at": change.confirmed_at,
            "takes_effect_at": change.takes_effect_at,
            "ended_at": change.ended_at,
            "outcome": change.outcome,
        }


def cards(user: User) -> Rows:
    """Each time that a card was in the account; what is registered for it only while it is."""
    bindings = CardBinding.objects.filter(user=user).select_related("card__programme").order_by("pk")
    for binding in bindings.iterator(chunk_size=CHUNK):
        card = binding.card
        told: dict[str, Any] = {
            "programme": card.programme.code,
            "ending_in": card.number_tail,
            "in_your_account_from": binding.bound_at,
            "until": binding.ended_at,
        }
        yield told if binding.ended_at else told | _registered(card)


def _registered(card: Card) -> dict[str, Any]:
    return {
        "name": mask_name(card.holder_name),
        "document": card.id_type,
        "document_number": mask_forgotten_id(card.id_number_tail),
        "mobile_number": mask(card.phone) if card.phone else "",
        "email": mask(card.email) if card.email else "",
        "language": card.language,
        "expires_on": card.expires_on,
        "state": card.state,
        "state_since": card.state_since,
        "delivery": card.fulfilment,
        "esim_profile": card.profile,
        "pin": card.pin_status,
        "pin_chosen_at": Pin.objects.current().filter(card=card).values_list("chosen_at", flat=True).first(),
        "wrong_pins_in_a_row": card.wrong_pins,
        "activated_at": card.activated_at,
    }


def card_events(user: User) -> Rows:
    columns = ("card__number_tail", "at", "kind", "from_state", "to_state", "actor_kind", "channel", "reason")
    return read(CardEvent.objects.filter(card__in=own_cards(user)).order_by("pk"), *columns, "reference")


def account_events(user: User) -> Rows:
    return read(AccountEvent.objects.filter(user=user).order_by("pk"), "at", "kind", "facts")


def sessions(user: User) -> Rows:
    return read(
        UserSession.objects.filter(user=user).order_by("pk"), "browser", "network", "began_at", "seen_at", "ended_at"
    )


def devices(user: User) -> Rows:
    return read(Device.objects.filter(user=user).order_by("pk"), "seen_at")


def help_with_cards(user: User) -> Rows:
    """Where this person helps somebody, and that somebody helps them; not who that is."""
    columns = ("card__number_tail", "since", "ended_at")
    for row in read(CardHelper.objects.filter(user=user).order_by("pk"), *columns):
        yield {"helps": "you help", **row}
    for row in read(CardHelper.objects.filter(card__in=own_cards(user)).order_by("pk"), *columns):
        yield {"helps": "you are helped", **row}


def pin_resets(user: User) -> Rows:
    mine = PinReset.objects.filter(Q(user=user) | Q(card__in=own_cards(user))).order_by("pk")
    return read(mine, "card__number_tail", "way", "chosen_at", "takes_effect_at", "ended_at", "outcome")


def losses(user: User) -> Rows:
    mine = LossReport.objects.filter(card__in=own_cards(user)).order_by("pk")
    for report in mine.select_related("card").iterator(chunk_size=CHUNK):
        yield {
            "reference": report.reference,
            "card__number_tail": report.card.number_tail,
            "frozen_at": report.frozen_at,
            "last_used": report.last_used,
            "lifted_at": report.lifted_at,
            "lost_at": report.lost_at,
            "issuer_told_at": report.issuer_told_at,
        }


def cases(user: User) -> Rows:
    mine = Case.objects.filter(Q(user=user) | Q(card__in=own_cards(user))).order_by("pk")
    return read(mine, "reference", "card__number_tail", "notice", "done", "opened_at", "closed_at")


def codes(user: User) -> Rows:
    """That codes were sent, and used; there is nothing of their digits to tell."""
    for model in CODES:
        for row in read(model.objects.filter(user=user).order_by("pk"), *SENT):
            yield {"for": model.purpose, **row}
    for row in read(LossCode.objects.filter(card__in=own_cards(user)).order_by("pk"), *SENT):
        yield {"for": LossCode.purpose, **row}


SENT = ("channel", "issued_at", "expires_at", "consumed_at")


def messages(user: User) -> Rows:
    """To the contacts that the account has, since it has been there."""
    contacts = [index for index in (user.phone_index, user.email_index) if index]
    mine = Message.objects.filter(contact_index__in=contacts, created_at__gte=user.created_at)
    return read(mine.order_by("pk"), *SENDABLE)

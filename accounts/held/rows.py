"""The rows about somebody in this room and in those below it, masked. Rooms below know of nobody."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from accounts import code_purposes
from accounts.activity import plain_words_of
from accounts.card_sentences import sentence_of
from accounts.contacts import mask
from accounts.held.holdings import CHUNK
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
from accounts.models.account_codes import Proof
from accounts.models.cases import Done
from accounts.models.loss_codes import Act
from accounts.signing_in.browsers import browser_told
from cards.masks import mask_forgotten_id, mask_name
from cards.models import Card, CardEvent
from cards.models.pin import Pin
from messaging.kinds import label_of
from messaging.models import Message

Row = Mapping[str, Any]
Rows = Iterator[Row]
NAMES = {"card__number_tail": "card_ending_in", "transaction__issuer_id": "transaction", "issuer_id": "transaction"}
FIELDS = {"phone": pgettext_lazy("contact", "mobile number"), "email": pgettext_lazy("contact", "email address")}
SENDABLE = ("kind", "channel", "to_masked", "created_at", "sent_at", "delivered_at")
CODES: tuple[Any, ...] = (SignInCode, AccountCode, BindingCode, PinResetCode)


def own_cards(user: User) -> QuerySet[Card]:
    """The cards in the account now: of a card that has left it, only that it was there."""
    return Card.objects.filter(pk__in=CardBinding.objects.live().filter(user=user).values("card_id")).order_by("pk")


def read(rows: QuerySet[Any], *names: str) -> Rows:
    """These columns of the rows, bit by bit, with names that say what they are and choices in words."""
    columns = {field.name: field for field in rows.model._meta.concrete_fields}
    words = {name: dict(columns[name].flatchoices) for name in names if name in columns and columns[name].choices}
    for row in rows.values(*names).iterator(chunk_size=CHUNK):
        yield {
            NAMES.get(name, name): str(words[name].get(value, value)) if name in words else value
            for name, value in row.items()
        }


def sent(messages: QuerySet[Message]) -> Rows:
    """Messages by what they said, where and when."""
    for row in read(messages.order_by("pk"), *SENDABLE):
        yield {**row, "kind": label_of(str(row["kind"]))}


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
            "what": FIELDS[change.field],
            "old": mask(change.old) if change.old else "",
            "new": mask(change.new) if change.new else "",
            "asked_at": change.asked_at,
            "confirmed_at": change.confirmed_at,
            "takes_effect_at": change.takes_effect_at,
            "ended_at": change.ended_at,
            "outcome": change.get_outcome_display(),
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
        "document": capfirst(card.get_id_type_display()),
        "document_number": mask_forgotten_id(card.id_number_tail),
        "mobile_number": mask(card.phone) if card.phone else "",
        "email": mask(card.email) if card.email else "",
        "language": card.language,
        "expires_on": card.expires_on,
        "state": card.get_state_display(),
        "state_since": card.state_since,
        "delivery": card.get_fulfilment_display(),
        "esim_profile": card.get_profile_display(),
        "pin": card.get_pin_status_display(),
        "pin_chosen_at": Pin.objects.current().filter(card=card).values_list("chosen_at", flat=True).first(),
        "wrong_pins_in_a_row": card.wrong_pins,
        "activated_at": card.activated_at,
    }


def card_events(user: User) -> Rows:
    events = CardEvent.objects.filter(card__in=own_cards(user)).select_related("card").order_by("pk")
    for event in events.iterator(chunk_size=CHUNK):
        yield {
            "card_ending_in": event.card.number_tail,
            "at": event.at,
            "what": sentence_of(event),
            "from_state": event.get_from_state_display(),
            "to_state": event.get_to_state_display(),
            "by": event.get_actor_kind_display(),
            "channel": event.get_channel_display(),
            "reference": event.reference,
        }


def account_events(user: User) -> Rows:
    for event in AccountEvent.objects.filter(user=user).order_by("pk").iterator(chunk_size=CHUNK):
        yield {"at": event.at, "what": plain_words_of(event)}


def sessions(user: User) -> Rows:
    columns = ("browser", "network", "began_at", "seen_at", "ended_at")
    for row in read(UserSession.objects.filter(user=user).order_by("pk"), *columns):
        yield {**row, "browser": browser_told(row["browser"])}


def devices(user: User) -> Rows:
    return read(Device.objects.filter(user=user).order_by("pk"), "seen_at")


def help_with_cards(user: User) -> Rows:
    """Where this person helps somebody, and that somebody helps them; not who that is."""
    columns = ("card__number_tail", "since", "ended_at")
    for row in read(CardHelper.objects.filter(user=user).order_by("pk"), *columns):
        yield {"helps": _("you help"), **row}
    for row in read(CardHelper.objects.filter(card__in=own_cards(user)).order_by("pk"), *columns):
        yield {"helps": _("you are helped"), **row}


def pin_resets(user: User) -> Rows:
    mine = PinReset.objects.filter(Q(user=user) | Q(card__in=own_cards(user))).order_by("pk")
    return read(mine, "card__number_tail", "way", "chosen_at", "takes_effect_at", "ended_at", "outcome")


def losses(user: User) -> Rows:
    mine = LossReport.objects.filter(card__in=own_cards(user)).order_by("pk")
    for report in mine.select_related("card").iterator(chunk_size=CHUNK):
        yield {
            "reference": report.reference,
            "card_ending_in": report.card.number_tail,
            "frozen_at": report.frozen_at,
            "last_used": report.last_used,
            "lifted_at": report.lifted_at,
            "lost_at": report.lost_at,
            "issuer_told_at": report.issuer_told_at,
        }


def cases(user: User) -> Rows:
    mine = Case.objects.filter(Q(user=user) | Q(card__in=own_cards(user))).order_by("pk")
    for row in read(mine, "reference", "card__number_tail", "notice", "done", "opened_at", "closed_at"):
        yield {**row, "notice": label_of(row["notice"]), "done": [str(Done(one).label) for one in row["done"]]}


def codes(user: User) -> Rows:
    """That codes were sent, for what, and used; there is nothing of their digits to tell."""
    for model, purpose in (
        (SignInCode, code_purposes.SIGN_IN),
        (BindingCode, code_purposes.ADD_CARD),
        (PinResetCode, code_purposes.NEW_PIN),
    ):
        for row in read(model.objects.filter(user=user).order_by("pk"), *SENT):
            yield {"for": purpose, **row}
    for account_code in AccountCode.objects.filter(user=user).order_by("pk").iterator(chunk_size=CHUNK):
        yield {"for": code_purposes.OF_ACCOUNTS[Proof(account_code.act)], **_sending(account_code)}
    of_cards = LossCode.objects.filter(card__in=own_cards(user)).order_by("pk")
    for loss_code in of_cards.iterator(chunk_size=CHUNK):
        yield {"for": code_purposes.OF_LOSSES[Act(loss_code.act)], **_sending(loss_code)}


def _sending(code: AccountCode | LossCode) -> dict[str, Any]:
    return {"channel": code.get_channel_display(), **{name: getattr(code, name) for name in SENT[1:]}}


SENT = ("channel", "issued_at", "expires_at", "consumed_at")


def messages(user: User) -> Rows:
    """To the contacts that the account has, since it has been there."""
    contacts = [index for index in (user.phone_index, user.email_index) if index]
    return sent(Message.objects.filter(contact_index__in=contacts, created_at__gte=user.created_at))

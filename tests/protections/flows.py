"""What a code or a PIN does to a card, by its service: prepared up to the proof, which is then right or wrong."""

from abc import ABC, abstractmethod
from dataclasses import asdict
from typing import Any

from accounts import code_requests, services
from accounts.contacts import index_of
from accounts.loss.codes import Asked as LossAsked
from accounts.models import AccountCode, Case, LossCode, LossReport, PinReset, PinResetCode
from accounts.models.loss_codes import Act
from accounts.refusals import Refusal
from accounts.tests import contacts, losing, pins
from accounts.tests.codes import ADDRESS
from accounts.tests.factories import CardBindingFactory, UserFactory
from activation.refusals import Refusal as ActivationRefusal
from cards.dimensions import PinStatus, Via
from cards.events import Actor
from cards.models import Card, Pin
from cards.one_time_codes import OneTimeCode


class Flow(ABC):
    """One situation in which somebody has to prove something. `code` is the code that was sent, where one is."""

    code: OneTimeCode
    asked: Any
    card: Card

    @abstractmethod
    def prove(self, otp: str) -> None:
        """Give the proof."""

    @abstractmethod
    def effects(self) -> int:
        """What it has changed, in the database."""

    def tries(self, otp: str) -> None:
        """Give the proof, whatever the answer."""
        try:
            self.prove(otp)
        except (Refusal, ActivationRefusal):
            return

    @property
    def digits(self) -> str:
        """What the phone shows."""
        return self.code.derive()


class ResetSignedIn(Flow):
    def __init__(self) -> None:
        self.user, self.card = pins.own_card()
        self.asked = pins.signed_in(self.user, self.card)
        pins.code_for(self.asked)
        self.code = PinResetCode.objects.get()

    def prove(self, otp: str) -> None:
        pins.reset(self.asked, otp)

    def effects(self) -> int:
        return PinReset.objects.count() + Pin.objects.pending().count()

    def from_another_session(self) -> None:
        self.asked = pins.signed_in(self.user, self.card, secret="another browser")

    def for_another_contact(self) -> None:
        self.asked = pins.signed_in(self.user, self.card, channel="email")

    def for_another_card(self) -> None:
        self.asked = pins.signed_in(self.user, pins.card_with_pin())

    def for_another_person(self) -> None:
        self.asked = pins.signed_in(UserFactory.create(), self.card)


class ResetForgotten(ResetSignedIn):
    def __init__(self) -> None:
        self.card = pins.card_with_pin()
        self.asked = pins.without_account(self.card)
        pins.code_for(self.asked)
        self.code = PinResetCode.objects.get()

    def from_another_session(self) -> None:
        self.asked = pins.without_account(self.card, secret="another browser")

    def for_another_card(self) -> None:
        self.asked = pins.without_account(pins.card_with_pin())

    def with_another_id_number(self) -> None:
        self.asked = pins.without_account(self.card, id_number=pins.card_with_pin().id_number)


class ResetSignedInAfterContactChange(ResetSignedIn):
    """Less than 24 hours after the account's phone was changed: the code goes to the one the issuer registered."""

    def __init__(self) -> None:
        self.user = contacts.person()
        self.card = pins.card_with_pin(phone=contacts.PHONE, email=contacts.EMAIL)
        CardBindingFactory.create(user=self.user, card=self.card)
        self.prepare()
        pins.code_for(self.asked)
        self.code = PinResetCode.objects.get(contact_index=index_of(contacts.PHONE))

    def prepare(self) -> None:
        contacts.confirms(self.user)
        self.asked = pins.signed_in(self.user, self.card)

    def by_the_code_to_the_new_contact(self) -> None:
        self.code = AccountCode.objects.get(contact_index=index_of(contacts.NEW_PHONE))

    def to_the_new_contact(self) -> None:
        """Not even where such a code were sent."""
        PinResetCode.objects.update(contact_index=index_of(contacts.NEW_PHONE))


class ResetForgottenAfterContactChange(ResetSignedInAfterContactChange):
    def prepare(self) -> None:
        contacts.confirms(self.user)
        self.asked = pins.without_account(self.card)


class ChangePin(Flow):
    """The proof is the old PIN."""

    def __init__(self) -> None:
        self.user, self.card = pins.own_card()

    @property
    def digits(self) -> str:
        return pins.OLD

    def prove(self, otp: str) -> None:
        services.change_pin(card=self.card, user_id=self.user.pk, old_pin=otp, pin=pins.NEW, address=ADDRESS)

    def effects(self) -> int:
        return PinReset.objects.count() + Pin.objects.pending().count()

    def is_locked(self) -> None:
        Card.objects.update(pin_status=PinStatus.BLOCKED)
        self.card.refresh_from_db()


class Loss(Flow):
    act = Act.FREEZE

    def __init__(self) -> None:
        self.card = losing.a_card()
        self.prepare()
        self.asked = self.ask()
        self.code = LossCode.objects.latest("issued_at")
        self.before = self.seen()

    def prepare(self) -> None:
        """Nothing, for a card in use."""

    def ask(self) -> LossAsked:
        return losing.asked(self.act)

    def prove(self, otp: str) -> None:
        services.act_by_code(asked=self.asked, otp=otp, address=ADDRESS)

    def seen(self) -> tuple[Any, ...]:
        """All that a loss changes."""
        states = tuple(Card.objects.order_by("pk").values_list("state", flat=True))
        return states[:1], LossReport.objects.filter(lifted_at=None).count(), Case.objects.count()

    def effects(self) -> int:
        return int(self.seen() != self.before)

    def from_another_session(self) -> None:
        self.asked = self.same(secret="another browser")

    def for_another_contact(self) -> None:
        self.asked = self.same(contact=losing.EMAIL)

    def for_another_card(self) -> None:
        losing.a_card(number="6200000000007777")
        self.asked = self.same(tail="7777")

    def same(self, **other: str) -> LossAsked:
        return LossAsked(**{**asdict(self.asked), **other})


class Freeze(Loss):
    def for_another_act(self) -> None:
        self.asked = self.same(act=Act.NOT_ME)


class FreezeByIdNumber(Freeze):
    """On /lost/no-number/: by who does not know the card's last digits."""

    def ask(self) -> LossAsked:
        asked = LossAsked(self.act, "", losing.PHONE, "one browser", str(self.card.id_number_index))
        services.request_loss_code(asked=asked, address=ADDRESS)
        code_requests.answer_waiting()
        return asked

    def for_another_card(self) -> None:
        other = losing.a_card(number="6200000000007777")
        self.asked = self.same(id_number=str(other.id_number_index))

    def by_the_last_digits(self) -> None:
        self.asked = self.same(id_number="", tail="2604")


class Unfreeze(Loss):
    act = Act.UNFREEZE

    def prepare(self) -> None:
        services.freeze_card(card_id=self.card.pk, actor=Actor.cardholder(), channel=Via.WEB, reason="lost")

    def for_another_act(self) -> None:
        self.asked = self.same(act=Act.NOT_ME)


class NotMe(Loss):
    act = Act.NOT_ME

    def for_another_act(self) -> None:
        self.asked = self.same(act=Act.FREEZE)

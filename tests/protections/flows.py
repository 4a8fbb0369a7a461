"""Everything that a code or a PIN does, by its service: prepared up to the proof, which is then right or wrong."""

from abc import ABC, abstractmethod
from dataclasses import asdict
from typing import Any

from accounts import services
from accounts.account_codes import Asked as AccountAsked
from accounts.loss_codes import Asked as LossAsked
from accounts.models import (
    AccountCode,
    Case,
    ContactChange,
    LossCode,
    LossReport,
    PinReset,
    PinResetCode,
    SignInCode,
    User,
)
from accounts.models.account_codes import Proof
from accounts.models.loss_codes import Act
from accounts.refusals import Refusal
from accounts.tests import contacts, losing, pins
from accounts.tests.codes import ADDRESS, ask_for_code
from accounts.tests.factories import UserFactory
from activation.models import ActivationAttempt, ActivationCode
from activation.refusals import Refusal as ActivationRefusal
from activation.services import enter_code
from activation.tests.factories import issue
from cards.dimensions import PinStatus, Via
from cards.events import Actor
from cards.models import Card, Pin
from cards.one_time_codes import OneTimeCode
from cards.tests.factories import CardFactory


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
        self.asked = losing.asked(self.act)
        self.code = LossCode.objects.latest("issued_at")
        self.before = self.seen()

    def prepare(self) -> None:
        """Nothing, for a card in use."""

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


class SignIn(Flow):
    def __init__(self) -> None:
        self.user: User = UserFactory.create(phone=losing.PHONE, email=losing.EMAIL)
        self.contact, self.signed_in = losing.PHONE, 0
        ask_for_code(self.contact)
        self.code = SignInCode.objects.get()

    def prove(self, otp: str) -> None:
        services.sign_in(contact=self.contact, otp=otp, address=ADDRESS)
        self.signed_in += 1

    def effects(self) -> int:
        return self.signed_in

    def for_another_contact(self) -> None:
        self.contact = losing.EMAIL

    def for_another_person(self) -> None:
        self.contact = UserFactory.create().phone

    def is_disabled(self) -> None:
        User.objects.update(is_active=False)


class Activate(Flow):
    def __init__(self) -> None:
        self.card = CardFactory.create()
        self.number = self.card.number
        self.code = issue(self.card, "sms")

    def prove(self, otp: str) -> None:
        enter_code(card_number=self.number, code=otp, seat="a browser's", address=ADDRESS, language="en")

    def effects(self) -> int:
        return ActivationAttempt.objects.count() + ActivationCode.objects.filter(reserved_until__isnull=False).count()

    def for_another_card(self) -> None:
        other: Card = CardFactory.create()
        issue(other, "sms")
        self.number = other.number

    def is_of_an_older_record(self) -> None:
        Card.objects.update(record_version=2)


class ProveOldContact(Flow):
    def __init__(self) -> None:
        self.user = contacts.person()
        self.change, self.asked = contacts.begins(self.user)
        self.code = AccountCode.objects.latest("issued_at")

    def prove(self, otp: str) -> None:
        services.prove_old_contact(asked=self.asked, otp=otp, address=ADDRESS)

    def effects(self) -> int:
        return ContactChange.objects.filter(old_proved_at__isnull=False).count()

    def from_another_session(self) -> None:
        self.asked = self.same(secret="another browser")

    def for_another_contact(self) -> None:
        self.asked = self.same(contact=contacts.EMAIL)

    def for_another_person(self) -> None:
        self.asked = self.same(user=str(UserFactory.create().pk))

    def same(self, **other: str) -> AccountAsked:
        return AccountAsked(**{**asdict(self.asked), **other})


class ProveNewContact(ProveOldContact):
    def __init__(self) -> None:
        self.user = contacts.person()
        self.change, self.asked = contacts.proves_old(self.user)
        self.code = AccountCode.objects.filter(act=Proof.NEW).get()

    def prove(self, otp: str) -> None:
        services.prove_new_contact(asked=self.asked, otp=otp, address=ADDRESS)

    def effects(self) -> int:
        return ContactChange.objects.filter(confirmed_at__isnull=False).count()

    def by_the_code_to_the_old_contact(self) -> None:
        self.code = AccountCode.objects.filter(act=Proof.OLD).get()

    def without_the_old_contact(self) -> None:
        ContactChange.objects.update(old_proved_at=None)


class CloseAccount(ProveOldContact):
    def __init__(self) -> None:
        self.user = contacts.person()
        self.asked = contacts.asks(Proof.CLOSE, self.user, contacts.PHONE)
        self.code = AccountCode.objects.get()

    def prove(self, otp: str) -> None:
        services.close_account(asked=self.asked, otp=otp, address=ADDRESS)

    def effects(self) -> int:
        return User.objects.filter(is_active=False).count()

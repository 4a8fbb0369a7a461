"""What a code does to an account and what is in it, by its service: up to the proof, as in `flows`."""

from dataclasses import asdict, replace

from accounts import services
from accounts.models import (
    AccountCode,
    BindingCode,
    CardBinding,
    CardHelper,
    ContactChange,
    SignInCode,
    User,
)
from accounts.models.account_codes import Proof
from accounts.models.binding_codes import Whose
from accounts.own_account.codes import Asked as AccountAsked
from accounts.tests import adding, contacts, losing
from accounts.tests.codes import ADDRESS, ask_for_code
from accounts.tests.factories import UserFactory
from activation.models import ActivationAttempt, ActivationCode, ContactCode
from activation.services import confirm_contact, enter_code, give_contact
from activation.tests.factories import issue
from activation.tests.journey import at_contact_code
from cards.dimensions import Via
from cards.events import Actor
from cards.models import Card
from cards.tests.factories import CardFactory
from tests.protections.flows import Flow
from vault.models import Counter


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


class AddCard(Flow):
    """Somebody brings their own card, which works already, into their account."""

    whose = Whose.OWN

    def __init__(self) -> None:
        self.card = adding.a_card()
        self.user: User = UserFactory.create()
        self.asked = adding.asked(self.user, self.whose)
        self.code = BindingCode.objects.get()

    def prove(self, otp: str) -> None:
        services.add_card(asked=self.asked, otp=otp, address=ADDRESS)

    def effects(self) -> int:
        return CardBinding.objects.count() + CardHelper.objects.count()

    def from_another_session(self) -> None:
        self.asked = replace(self.asked, secret="another browser")

    def for_another_contact(self) -> None:
        self.asked = replace(self.asked, contact=losing.EMAIL)

    def for_another_card(self) -> None:
        adding.a_card(number="6200000000007777")
        self.asked = replace(self.asked, tail="7777")

    def for_another_person(self) -> None:
        self.asked = replace(self.asked, user=str(UserFactory.create().pk))

    def as_somebody_elses(self) -> None:
        """The code that the holder would tell a helper brings nobody the card itself, nor the other way round."""
        self.asked = replace(self.asked, whose=Whose.HELPED if self.whose == Whose.OWN else Whose.OWN)

    def went_to_a_contact_that_is_the_cards_no_more(self) -> None:
        Card.objects.filter(pk=self.card.pk).update(phone_index=None)


class Help(AddCard):
    """The holder lets somebody help with the card: tells them the code that came with the question."""

    whose = Whose.HELPED


class ConfirmContact(Flow):
    """In the middle of an activation."""

    def __init__(self) -> None:
        self.card = CardFactory.create()
        at_contact_code(self.card)
        self.attempt = ActivationAttempt.objects.get()
        self.code = ContactCode.objects.get()

    def prove(self, otp: str) -> None:
        confirm_contact(attempt=self.attempt, otp=otp)

    def effects(self) -> int:
        return ActivationAttempt.objects.filter(contact_confirmed_at__isnull=False).count()

    def for_another_card(self) -> None:
        at_contact_code(CardFactory.create())
        self.attempt = ActivationAttempt.objects.exclude(card=self.card).get()

    def for_another_contact(self) -> None:
        Counter.objects.all().delete()  # a minute later, a code may be sent again
        give_contact(attempt=self.attempt, phone="", email=self.card.email, via="email")
        self.attempt.refresh_from_db()

    def from_another_session(self) -> None:
        """Another browser has gone on with it meanwhile."""
        ActivationAttempt.objects.update(seat_hash="of another browser")

    def is_stopped(self) -> None:
        services.freeze_card(card_id=self.card.pk, actor=Actor.cardholder(), channel=Via.WEB, reason="lost")

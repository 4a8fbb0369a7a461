"""A person who changes a contact of their account, or closes it: by services, and the worker that sends the codes."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from accounts import code_requests
from accounts.models import AccountCode, ContactChange, User
from accounts.models.account_codes import Proof
from accounts.models.contact_changes import WAITS
from accounts.own_account import contact_settling
from accounts.own_account.codes import Asked
from accounts.services import begin_contact_change, prove_new_contact, prove_old_contact, request_account_code
from accounts.tests.codes import ADDRESS
from accounts.tests.factories import CardBindingFactory, UserFactory
from cards.models import Card
from cards.tests.factories import CardFactory

PHONE, EMAIL = "+8613800138042", "xiaoming@example.com"
NEW_PHONE, NEW_EMAIL = "+8613900139000", "daming@example.com"
SECRET = "the secret of one browser"


def person(**columns: str) -> User:
    user: User = UserFactory.create(**{"phone": PHONE, "email": EMAIL, **columns})
    return user


def card_of(user: User, **columns: str) -> Card:
    """An active card in the account, registered with its contacts."""
    card: Card = CardFactory.create(**{"phone": user.phone, "email": user.email, "state": "active", **columns})
    CardBindingFactory.create(user=user, card=card)
    return card


def asks(act: str, user: User, contact: str, change: ContactChange | None = None, secret: str = SECRET) -> Asked:
    """Ask for a code, and let the worker answer."""
    asked = Asked(str(act), str(user.pk), contact, secret, str(change.pk) if change else "")
    request_account_code(asked=asked, address=ADDRESS)
    code_requests.answer_waiting()
    return asked


def digits_of(user: User, act: str) -> str:
    """What the phone shows; "" where no code came."""
    code = AccountCode.objects.unfinished().filter(user=user, act=act).first()
    return code.derive() if code else ""


def begins(user: User, contact: str = NEW_PHONE) -> tuple[ContactChange, Asked]:
    """Wants another contact, and has asked for the code to the one that proves who they are."""
    change = begin_contact_change(user_id=user.pk, contact=contact)
    return change, asks(Proof.OLD, user, change.old or user.phone or user.email, change)


def proves_old(user: User, contact: str = NEW_PHONE) -> tuple[ContactChange, Asked]:
    """Has proved the old contact, and has asked for the code to the new one."""
    change, asked = begins(user, contact)
    prove_old_contact(asked=asked, otp=digits_of(user, Proof.OLD), address=ADDRESS)
    return change, asks(Proof.NEW, user, contact, change)


def confirms(user: User, contact: str = NEW_PHONE) -> ContactChange:
    """Has proved both: the 24 hours begin."""
    change, asked = proves_old(user, contact)
    prove_new_contact(asked=asked, otp=digits_of(user, Proof.NEW), address=ADDRESS)
    change.refresh_from_db()
    return change


def a_day_passes(change: ContactChange) -> ContactChange:
    """The moment has come, and the beat with it."""
    with time_machine.travel(timezone.now() + WAITS + timedelta(seconds=1)):
        contact_settling.settle_due()
    change.refresh_from_db()
    return change

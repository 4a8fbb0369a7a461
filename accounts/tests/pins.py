"""A card with a PIN in somebody's account, and the way to a new one, by services."""

from typing import Any

from accounts import code_requests
from accounts.models import PinResetCode, User
from accounts.pins.codes import Asked
from accounts.services import request_pin_code, reset_pin
from accounts.tests.factories import CardBindingFactory, UserFactory
from cards import pins
from cards.dimensions import PinStatus, State
from cards.models import Card
from cards.tests.factories import CardFactory

ADDRESS = "192.0.2.1"
OLD, NEW, OTHER = "739146", "820537", "604918"
SECRET = "the secret of one browser"


def card_with_pin(**columns: Any) -> Card:
    """An active card, in nobody's account yet, whose PIN is OLD."""
    card: Card = CardFactory.create(**{"state": State.ACTIVE, "pin_status": PinStatus.OK, **columns})
    pins.choose_pin(card_id=card.pk, pin=OLD)
    pins.adopt_pin(card_id=card.pk)
    card.refresh_from_db()
    return card


def own_card(**columns: Any) -> tuple[User, Card]:
    """The same, in an account."""
    user: User = UserFactory.create()
    card = card_with_pin(**columns)
    CardBindingFactory.create(user=user, card=card)
    return user, card


def signed_in(user: User, card: Card, *, channel: str = "sms", secret: str = SECRET) -> Asked:
    return Asked.signed_in(secret=secret, card=card, user_id=user.pk, channel=channel)


def without_account(card: Card, *, secret: str = SECRET, **typed: str) -> Asked:
    numbers = {"card_number": card.number, "id_number": card.id_number, **typed}
    return Asked.without_account(secret=secret, **numbers)


def code_for(asked: Asked) -> str:
    """Ask for a code, let the worker answer, and read it on the phone; "" when none came."""
    request_pin_code(asked=asked, address=ADDRESS)
    code_requests.answer_waiting()
    code = PinResetCode.objects.unfinished().filter(seat=asked.seat).first()
    return code.derive() if code else ""


def reset(asked: Asked, otp: str, pin: str = NEW) -> Any:
    return reset_pin(asked=asked, otp=otp, pin=pin, address=ADDRESS)


def pin_of(card: Card) -> str:
    """Which of the test's PINs the card has; "" for none of them."""
    return next((pin for pin in (OLD, NEW, OTHER) if pins.check_pin(card_id=card.pk, pin=pin)), "")

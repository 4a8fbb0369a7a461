"""A sign-in code that did not arrive: again to the same contact, or not at all."""

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import SignInCode, User
from accounts.sending_limits import SENDS_APART
from accounts.services import sign_in
from accounts.tests.codes import ADDRESS, ask_for_code, current_code
from accounts.tests.factories import UserFactory
from cards.tests.factories import ProgrammeFactory
from messaging.gateways.gateway import Sms
from messaging.instead import look_for_other_ways
from messaging.models import Message
from messaging.preparing import prepare
from messaging.rendering import spoken
from vault import limits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def calls(settings: Settings) -> None:
    settings.VOICE_URL = "console:"


@pytest.fixture
def user() -> User:
    holder: User = UserFactory.create()
    return holder


def fail(*, programme: str = "campus") -> Message | None:
    """The code's message is refused for good; the message that goes instead, if one does."""
    failed = Message.objects.latest("pk")
    Message.objects.filter(pk=failed.pk).update(dead_at=timezone.now(), programme_code=programme)
    look_for_other_ways()
    return Message.objects.filter(in_place_of=failed.pk).first()


def test_the_same_code_is_read_out_to_the_same_number(user: User) -> None:
    ProgrammeFactory.create(code_fallback=["email", "voice"])
    ask_for_code(user.phone)
    call = fail()
    assert call is not None
    parcel = prepare([call])[call.pk]
    assert isinstance(parcel, Sms)
    assert (call.channel, parcel.to) == ("voice", user.phone)
    assert spoken(current_code(user.pk)) in parcel.text
    assert sign_in(contact=user.phone, otp=current_code(user.pk), address=ADDRESS) == user


def test_it_never_goes_to_another_contact_of_the_account(user: User) -> None:
    ProgrammeFactory.create(code_fallback=["email", "sms"])
    ask_for_code(user.phone)
    assert fail() is None
    ask_for_code(user.email)
    assert fail() is None


def test_without_a_programme_there_is_no_other_way(user: User) -> None:
    ask_for_code(user.phone)
    assert fail(programme="") is None


def test_a_code_that_was_used_goes_no_other_way(user: User) -> None:
    ProgrammeFactory.create(code_fallback=["voice"])
    ask_for_code(user.phone)
    sign_in(contact=user.phone, otp=current_code(user.pk), address=ADDRESS)
    assert fail() is None


def test_after_the_third_in_an_hour_there_is_no_other_way(user: User) -> None:
    ProgrammeFactory.create(code_fallback=["voice"])
    ask_for_code(user.phone)
    assert fail() is not None
    SignInCode.objects.all().revoke(timezone.now())
    Message.objects.all().delete()
    limits.give_back(SENDS_APART, user.phone)
    ask_for_code(user.phone)
    assert fail() is None

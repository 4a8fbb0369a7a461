"""The message with the sign-in code: built when it is sent, and only while it is wanted."""

from datetime import timedelta

import pytest
import time_machine
from django.test import override_settings
from django.utils import timezone, translation

from accounts.contacts import index_of
from accounts.messages import build_sign_in_code
from accounts.models import SignInCode, User
from accounts.services import sign_in
from accounts.tests.codes import ADDRESS, ask_for_code, current_code
from accounts.tests.factories import UserFactory
from cards.tests.factories import ProgrammeFactory
from messaging.models import Message
from messaging.rendering import render

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    holder: User = UserFactory.create()
    return holder


def test_it_goes_to_the_contact_that_was_asked_for(user: User) -> None:
    for contact in (user.phone, user.email):
        ask_for_code(contact)
        envelope = build_sign_in_code(Message.objects.latest("created_at"))
        assert envelope is not None
        assert envelope.to == contact
        assert envelope.params["code"] == current_code(user.pk)


def test_it_tells_how_long_the_code_works_in_the_zone_and_name_of_the_programme(user: User) -> None:
    ProgrammeFactory.create(code="campus", time_zone="Asia/Urumqi", sms_sender="示例大学", fixed_text_sms=True)
    with time_machine.travel("2026-11-23 12:00:00+00:00", tick=False), translation.override("zh-hans"):
        ask_for_code(user.phone)
        Message.objects.update(programme_code="campus")
        envelope = build_sign_in_code(Message.objects.get())
    assert envelope is not None
    assert (envelope.params["minutes"], envelope.params["until"]) == ("10", "18:10")
    assert (envelope.service, envelope.sender, envelope.fixed_text) == ("校园一卡通", "示例大学", True)


def test_its_words_carry_the_code_and_how_long_it_works(user: User) -> None:
    with time_machine.travel("2026-11-23 12:00:00+00:00", tick=False):
        for contact in (user.phone, user.email):
            ask_for_code(contact)
            message = Message.objects.get(contact_index=index_of(contact))
            envelope = build_sign_in_code(message)
            assert envelope is not None
            sent = render(message, envelope)
            assert current_code(user.pk) in sent.text
            assert ("10 minutes" if contact == user.phone else "20:10") in sent.text


@pytest.mark.parametrize(("site", "host"), [("https://card.example.org", "card.example.org"), ("http://10.0.0.1", "")])
def test_the_code_is_bound_to_our_host_behind_tls_only(user: User, site: str, host: str) -> None:
    ask_for_code(user.phone)
    with override_settings(PORTAL_URL=site):
        envelope = build_sign_in_code(Message.objects.get())
    assert envelope is not None
    assert envelope.params["host"] == host


def test_it_is_not_wanted_once_the_code_is_used(user: User) -> None:
    ask_for_code(user.phone)
    sign_in(contact=user.phone, otp=current_code(user.pk), address=ADDRESS)
    assert build_sign_in_code(Message.objects.get()) is None


def test_it_is_not_wanted_once_the_code_has_expired_or_a_newer_one_is_out(user: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask_for_code(user.phone)
        clock.shift(timedelta(minutes=6))
        ask_for_code(user.phone)
        first, second = Message.objects.order_by("created_at")
        assert build_sign_in_code(first) is None
        assert build_sign_in_code(second) is not None
        clock.shift(timedelta(minutes=10))
        assert build_sign_in_code(second) is None
    assert SignInCode.objects.filter(expired_at=None, superseded_at=None).count() == 1


def test_it_is_not_wanted_once_the_account_has_another_number(user: User) -> None:
    ask_for_code(user.phone)
    user.phone = "+8613900139000"
    user.save()
    assert build_sign_in_code(Message.objects.get()) is None

"""The clock ends a code; the sweep only writes it down."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import tasks
from accounts.models import SignInCode
from accounts.tests.codes import ask_for_code
from accounts.tests.factories import UserFactory
from cards.code_rules import SHORT
from vault.tests.concurrency import at_once

pytestmark = pytest.mark.django_db
BEATS = 3


def test_the_sweep_marks_what_the_clock_has_ended_and_nothing_else() -> None:
    old, new = UserFactory.create(), UserFactory.create()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask_for_code(old.phone)
        clock.shift(timedelta(minutes=5))
        ask_for_code(new.phone)
        clock.shift(timedelta(minutes=5))
        assert tasks.expire_sign_in_codes() == 1
        assert tasks.expire_sign_in_codes() == 0
        assert SignInCode.objects.get(user=old).expired_at == timezone.now()
    assert SignInCode.objects.get(user=new).expired_at is None


@pytest.mark.django_db(transaction=True)
def test_three_beats_at_once_mark_each_code_once(postgres: str) -> None:
    for user in UserFactory.create_batch(30):
        at = timezone.now() - timedelta(days=7)
        SignInCode.draw(rule=SHORT, channel="sms", at=at, user=user, contact_index=user.phone_index).save()
    assert sum(at_once(BEATS, lambda number: tasks.expire_sign_in_codes())) == 30
    assert not SignInCode.objects.unfinished().exists()

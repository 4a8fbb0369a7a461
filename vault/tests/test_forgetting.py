"""What has ended is deleted, and nothing else."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.utils import timezone

from vault.limits import Limit, count
from vault.models import Counter
from vault.sessions import SessionStore
from vault.tasks import forget_counters, forget_ended_sessions

pytestmark = pytest.mark.django_db


def test_ended_sessions_are_deleted_and_living_ones_stay() -> None:
    for life in (60, 3600):
        session = SessionStore()
        session.set_expiry(life)
        session.create()
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        assert forget_ended_sessions() == 1
    assert Session.objects.count() == 1


def test_counters_are_deleted_when_no_limit_can_look_at_them() -> None:
    limit = Limit("test_forgotten", "One an hour", tries=1, window=timedelta(hours=1))
    count(limit, "somebody")
    assert forget_counters() == 0
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        assert forget_counters() == 1
    assert not Counter.objects.exists()

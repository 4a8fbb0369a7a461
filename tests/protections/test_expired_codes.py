"""The clock decides, without Celery: nothing here ever marks a code as expired."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.models.sign_in_codes import SignInCodeQuerySet
from activation.models import ActivationAttempt, ActivationCode
from activation.models.codes import ActivationCodeQuerySet
from activation.tests.browser import Browser
from activation.tests.factories import issue
from cards.one_time_codes import OneTimeCodeQuerySet
from cards.tests.factories import CardFactory
from tests.protections.doors import DOORS, Door, let_expire

pytestmark = pytest.mark.django_db
EACH_DOOR = pytest.mark.parametrize("door", DOORS.values(), ids=DOORS.keys())


def expired(door: Callable[[], Door]) -> Door:
    code, enter = door()
    let_expire(type(code))
    code.refresh_from_db()
    assert code.expires_at < timezone.now()
    assert code.expired_at is None
    return code, enter


@EACH_DOOR
def test_a_code_in_its_time_opens_its_door(door: Callable[[], Door]) -> None:
    _code, enter = door()
    assert enter()


@EACH_DOOR
def test_an_expired_code_opens_no_door(door: Callable[[], Door]) -> None:
    code, enter = expired(door)
    assert not enter()
    code.refresh_from_db()
    assert code.consumed_at is None


@EACH_DOOR
def test_going_by_the_marks_of_the_sweep_would_let_it_in(
    door: Callable[[], Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    def by_marks(codes: Any, at: object) -> Any:
        return codes.unfinished()

    def reserve_by_marks(codes: Any, pk: UUID, at: object, until: datetime) -> bool:
        return bool(codes.unfinished().filter(pk=pk).update(reserved_until=until))

    for queryset in (OneTimeCodeQuerySet, ActivationCodeQuerySet, SignInCodeQuerySet):
        monkeypatch.setattr(queryset, "live", by_marks)
    monkeypatch.setattr(ActivationCodeQuerySet, "reserve_for_attempt", reserve_by_marks)
    _code, enter = expired(door)
    assert enter()


def test_neither_the_code_nor_the_browser_goes_on_after_the_attempts_24_hours() -> None:
    card = CardFactory.create()
    code = issue(card, "sms")
    browser = Browser()
    browser.open("/activate/enter-code/")
    browser.fill(card_number=card.number, code=code.derive())
    step = browser.at
    let_expire(ActivationCode)
    a_day = timedelta(hours=24, seconds=1)
    attempt = ActivationAttempt.objects.get()
    ActivationAttempt.objects.update(opened_at=attempt.opened_at - a_day, closes_at=attempt.closes_at - a_day)
    ActivationCode.objects.update(reserved_until=attempt.closes_at - a_day)
    browser.open(step)
    assert browser.at == "/activate/stopped/"
    browser.client.post(step, {"name": card.holder_name, "idno": card.id_number})
    again = Browser()
    again.open("/activate/enter-code/")
    again.fill(card_number=card.number, code=code.derive())
    assert again.at == "/activate/stopped/"
    assert "expired" in again.text
    attempt.refresh_from_db()
    assert (attempt.identity_confirmed_at, ActivationAttempt.objects.count()) == (None, 1)

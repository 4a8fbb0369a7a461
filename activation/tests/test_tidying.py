"""The sweeps mark what the clock has decided, and touch nothing else."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from activation.models import ActivationAttempt, ActivationCode, ContactCode
from activation.tasks import close_stale_attempts, expire_stale_codes
from activation.tests.browser import Browser
from activation.tests.factories import issue
from activation.tests.journey import at_contact_code, at_identity, at_submit, at_wait, the_attempt
from cards.models import Pin
from cards.tests.factories import CardFactory

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=24, seconds=1)


def test_stale_codes_are_marked_and_live_and_reserved_ones_are_not() -> None:
    stale = issue(CardFactory.create(), "sms", at=timezone.now() - timedelta(minutes=11))
    live = issue(CardFactory.create(), "sms")
    at_contact_code(CardFactory.create())
    with time_machine.travel(timezone.now() + timedelta(minutes=9)):
        assert expire_stale_codes() == 1
    stale.refresh_from_db()
    live.refresh_from_db()
    assert stale.expired_at
    assert not live.expired_at
    assert not ContactCode.objects.get().expired_at
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert expire_stale_codes() == 2
        assert expire_stale_codes() == 0


def test_a_stale_attempt_is_closed_its_code_goes_back_and_its_pin_is_forgotten() -> None:
    at_submit(CardFactory.create())
    ActivationCode.objects.update(expires_at=timezone.now() + timedelta(days=20))
    assert close_stale_attempts() == 0
    with time_machine.travel(timezone.now() + LATER):
        assert close_stale_attempts() == 1
        code = ActivationCode.objects.get()
        assert code.state(timezone.now()) == "live"
    assert the_attempt().closed_at
    assert not Pin.objects.exists()


def test_a_submitted_attempt_waits_for_its_verdict() -> None:
    at_wait(CardFactory.create())
    with time_machine.travel(timezone.now() + timedelta(hours=23)):
        assert close_stale_attempts() == 0
    assert Pin.objects.exists()


def test_without_any_sweep_a_stale_attempt_cannot_go_on_and_a_new_one_can_open() -> None:
    card = CardFactory.create()
    browser = at_identity(card)
    code = ActivationCode.objects.get().derive()
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        ActivationAttempt.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
        browser.fill(name=card.holder_name, idno=card.id_number)
        assert "This activation is more than 24 hours old. Start again" in browser.text
        assert the_attempt().identity_confirmed_at is None
        browser.open("/activate/enter-code/")
        browser.fill(card_number=card.number, code=code)
        assert browser.at.endswith("/confirm-identity/")
    assert ActivationAttempt.objects.filter(closed_at=None).count() == 1
    assert ActivationAttempt.objects.count() == 2


def test_a_lapsed_pin_is_forgotten_and_the_attempt_goes_on() -> None:
    at_submit(CardFactory.create())
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        close_stale_attempts()
    assert not Pin.objects.exists()
    assert the_attempt().closed_at is None


@pytest.mark.parametrize("channel", ["sms", "email", "letter"])
def test_an_unswept_expired_code_opens_nothing(channel: str) -> None:
    card = CardFactory.create()
    code = issue(card, channel, at=timezone.now() - timedelta(days=30))
    browser = Browser()
    browser.open("/activate/enter-code/")
    browser.fill(card_number=card.number, code=code.derive())
    assert "This activation code expired on" in browser.text
    assert not ActivationAttempt.objects.exists()

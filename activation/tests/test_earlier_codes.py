"""The migration for codes and invitations that are older than reminders."""

from datetime import timedelta
from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps
from django.utils import timezone

from activation.models import ActivationCode, Invitation
from activation.reminder_times import reminders_of
from activation.reminders import remind
from activation.tests.factories import issue
from cards.tests.factories import CardFactory
from messaging.models import Message
from messaging.tests.factories import make_message

pytestmark = pytest.mark.django_db
earlier = import_module("activation.migrations.0003_earlier_codes")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def cured(code: ActivationCode) -> ActivationCode:
    earlier.remind_of_earlier_codes(apps, None)
    code.refresh_from_db()
    return code


@pytest.mark.parametrize("hours", [24, 36, 48, 49, 60, 71, 72, 73, 21 * 24])
def test_a_code_is_looked_at_when_its_first_reminder_is_due(hours: int) -> None:
    now = timezone.now()
    code = issue(CardFactory.create(), at=now, expires_at=now + hours * HOUR, remind_at=None)
    assert cured(code).remind_at == reminders_of(code.issued_at, code.expires_at)[0].at


def test_finished_ended_and_short_codes_stay_as_they_are() -> None:
    now = timezone.now()
    consumed = issue(CardFactory.create(), "letter", remind_at=None, consumed_at=now)
    over = issue(CardFactory.create(), "letter", at=now - 30 * DAY, expires_at=now - DAY, remind_at=None)
    short = issue(CardFactory.create(), "sms", remind_at=None)
    assert [cured(code).remind_at for code in (consumed, over, short)] == [None] * 3


def test_all_of_many_are_found_and_nobody_is_reminded_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earlier, "BATCH", 2)
    now = timezone.now()
    ago = now - 12 * DAY
    codes = [
        issue(CardFactory.create(), "letter", at=ago, expires_at=ago + 21 * DAY, remind_at=None) for _ in range(5)
    ]
    for code in codes:
        make_message(kind="activation_code", channel="letter", subject_id=code.pk, sent_at=ago)
        make_message(
            kind="activation_reminder", subject_id=code.pk, idempotency_key=f"activation_reminder:{code.pk}:half"
        )
    for code in codes:
        assert (cured(code).remind_at or now) < now
    remind(now)
    assert Message.objects.filter(kind="activation_reminder").count() == 5


def test_who_was_invited_is_remembered_from_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earlier, "BATCH", 2)
    cards = CardFactory.create_batch(3)
    for card in cards:
        make_message(kind="activation_invitation", subject_id=card.pk, contact_index=card.phone_index)
    make_message(kind="activation_invitation", subject_id=uuid4())
    first = cards[0]
    assert first.phone_index
    known = Invitation.objects.create(card=first, contact_index=first.phone_index, invited_at=timezone.now())
    for _time in range(2):
        earlier.remember_earlier_invitations(apps, None)
    found = set(Invitation.objects.values_list("card", "contact_index"))
    assert found == {(card.pk, card.phone_index) for card in cards}
    known.refresh_from_db()
    assert Invitation.objects.count() == 3

"""Reminders of unused codes: who gets which, when, by what way, and never twice."""

import re
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from activation import reminders
from activation.models import ActivationCode
from activation.reminders import remind
from activation.tests.factories import issue
from cards.tests.factories import CardFactory, ProgrammeFactory
from messaging import delivery
from messaging.models import Message
from messaging.tests.factories import make_message
from vault.tests.concurrency import at_once

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 2, 12, tzinfo=SHANGHAI)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def letter(**card: object) -> ActivationCode:
    """A code by letter that was printed."""
    code = issue(CardFactory.create(**card), "letter")
    make_message(kind="activation_code", channel="letter", subject_id=code.pk, sent_at=timezone.now())
    return code


def told() -> list[tuple[str, str]]:
    rows = Message.objects.filter(kind="activation_reminder").order_by("created_at", "idempotency_key")
    return [(message.idempotency_key.rsplit(":")[-1], message.channel) for message in rows]


def at(moment: datetime, clock: time_machine.Traveller) -> list[tuple[str, str]]:
    """What has been told when the beat has come at this moment."""
    clock.move_to(moment)
    remind(timezone.now())
    return told()


def test_a_code_by_email_is_said_again_at_half_its_life(clock: time_machine.Traveller) -> None:
    clock.move_to(NOON - 4 * HOUR)
    code = issue(CardFactory.create(language="en"))
    assert at(NOON + 8 * HOUR - timedelta(seconds=1), clock) == []
    assert at(NOON + 8 * HOUR, clock) == [("half", "email")]
    delivery.deliver_due("email", urgent=False, seconds=10)
    (sent,) = mail.outbox
    digits = code.derive()
    assert f"    {digits[:4]} {digits[4:8]} {digits[8:]}\n" in sent.body
    assert "is not activated yet" in sent.subject
    assert at(NOON + 8 * HOUR + timedelta(minutes=5), clock) == [("half", "email")], "once"


def test_a_code_by_letter_is_remembered_twice_without_its_digits(clock: time_machine.Traveller) -> None:
    code = letter(language="en")
    assert at(NOON + 10 * DAY, clock) == []
    assert at(NOON + 11 * DAY, clock) == [("half", "email")]
    assert at(NOON + 19 * DAY, clock) == [("half", "email")]
    assert at(NOON + 20 * DAY, clock) == [("half", "email"), ("last", "email")]
    assert at(NOON + 21 * DAY, clock) == [("half", "email"), ("last", "email")]
    clock.move_to(NOON + 20 * DAY)
    delivery.deliver_due("email", urgent=False, seconds=10)
    assert mail.outbox
    assert all(code.derive() not in re.sub(r"\D", "", str(sent.body)) for sent in mail.outbox), "in whatever groups"


@pytest.mark.parametrize(
    ("issued", "due", "sent"),
    [
        (8.5, 20.5, 20.5),  # in the evening, just before it is quiet
        (9, 21, 32),  # at 21:00 it is: at 8:00, an hour before the end
        (8.99, 20.99, 20.99),
        (20, 32, 32),  # at 8:00 it is quiet no more
        (19.99, 31.99, 32),
    ],
)
def test_in_quiet_hours_nobody_is_reminded(
    clock: time_machine.Traveller, issued: float, due: float, sent: float
) -> None:
    midnight = NOON - 12 * HOUR
    clock.move_to(midnight + issued * HOUR)
    issue(CardFactory.create())
    assert at(midnight + due * HOUR, clock) == ([] if sent > due else [("half", "email")])
    if sent > due:
        assert at(midnight + sent * HOUR - timedelta(seconds=1), clock) == []
        assert at(midnight + sent * HOUR, clock) == [("half", "email")]


def test_the_hours_are_those_of_the_programme(clock: time_machine.Traveller) -> None:
    issue(CardFactory.create(programme=ProgrammeFactory.create(code="ny", time_zone="America/New_York")))
    issue(CardFactory.create())
    at(NOON + 12 * HOUR, clock)  # midnight in Shanghai, 11:00 in New York
    assert list(Message.objects.values_list("programme_code", flat=True)) == ["ny"]


def test_what_cannot_be_sent_before_the_quiet_hours_is_dropped(clock: time_machine.Traveller) -> None:
    clock.move_to(NOON - 3.1 * HOUR)
    issue(CardFactory.create())
    assert at(NOON + 8.95 * HOUR, clock) == [("half", "email")]
    clock.move_to(NOON + 9 * HOUR)
    delivery.deliver_due("email", urgent=False, seconds=10)
    assert mail.outbox == [] and Message.objects.get().dropped_at is not None


@pytest.mark.parametrize(("left", "reminded"), [(1.0, True), (0.99, False)])
def test_a_code_that_ends_within_the_hour_is_not_worth_it(
    clock: time_machine.Traveller, left: float, reminded: bool
) -> None:
    code = issue(CardFactory.create(), at=NOON - 24 * HOUR + left * HOUR)  # no beat came at half its life
    assert len(at(NOON, clock)) == reminded
    code.refresh_from_db()
    assert code.remind_at is None


@pytest.mark.parametrize("gone", ["consumed_at", "revoked_at", "superseded_at", "expired_at"])
def test_a_code_that_has_ended_is_not_remembered(clock: time_machine.Traveller, gone: str) -> None:
    ended: dict[str, Any] = {"at": NOON - 13 * HOUR, gone: NOON}
    issue(CardFactory.create(), **ended)
    issue(CardFactory.create(state="active"), at=NOON - 13 * HOUR)
    changed = issue(CardFactory.create(), at=NOON - 13 * HOUR)
    changed.card.record_version += 1
    changed.card.save()
    assert at(NOON, clock) == []


def test_somebody_in_the_journey_is_reminded_only_when_they_have_left_it(clock: time_machine.Traveller) -> None:
    code = letter()
    ActivationCode.objects.filter(pk=code.pk).update(reserved_until=NOON + 11.5 * DAY)
    assert at(NOON + 11 * DAY, clock) == []
    ActivationCode.objects.update(reserved_until=None)
    assert at(NOON + 12 * DAY, clock) == [("half", "email")]


def test_a_code_used_between_writing_and_sending_is_not_said_again(clock: time_machine.Traveller) -> None:
    code = issue(CardFactory.create(), at=NOON - 13 * HOUR)
    at(NOON, clock)
    ActivationCode.objects.filter(pk=code.pk).update(reserved_until=NOON + HOUR)
    delivery.deliver_due("email", urgent=False, seconds=10)
    assert mail.outbox == []


def test_where_the_email_did_not_arrive_a_text_message_says_so_without_a_code(clock: time_machine.Traveller) -> None:
    for failure in ({"sent_at": NOON, "undelivered_at": NOON}, {"dead_at": NOON}):
        code = issue(CardFactory.create(), at=NOON - 13 * HOUR)
        make_message(kind="activation_code", channel="email", subject_id=code.pk, **failure)
    assert at(NOON, clock) == [("half", "sms"), ("half", "sms")]
    issue(CardFactory.create(phone=""), at=NOON - 13 * HOUR)
    assert sorted(at(NOON, clock)) == [("half", "email"), ("half", "sms"), ("half", "sms")]


def test_a_letter_that_was_not_printed_is_not_remembered(clock: time_machine.Traveller) -> None:
    code = issue(CardFactory.create(), "letter")
    make_message(kind="activation_code", channel="letter", subject_id=code.pk)
    assert at(NOON + 11 * DAY, clock) == []


def test_after_a_week_of_silence_each_is_reminded_once_and_of_nothing_stale(clock: time_machine.Traveller) -> None:
    over = issue(CardFactory.create())
    letter()
    soon = letter()
    ActivationCode.objects.filter(pk=soon.pk).update(
        issued_at=NOON - 6 * DAY, expires_at=NOON + 7.5 * DAY, remind_at=NOON
    )
    clock.move_to(NOON + 7 * DAY)
    soon.refresh_from_db()
    remind(timezone.now())
    rows = Message.objects.filter(kind="activation_reminder")
    assert [message.idempotency_key for message in rows] == [f"activation_reminder:{soon.pk}:last"]
    over.refresh_from_db()
    assert over.remind_at is None
    assert at(NOON + 7 * DAY + HOUR, clock) == [("last", "email")]


def test_batches_go_on_where_the_last_one_ended(
    clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "BATCH", 2)
    monkeypatch.setattr(reminders, "BATCHES_AT_ONCE", 2)
    for _more in range(5):
        issue(CardFactory.create(), at=NOON - 13 * HOUR)
    assert len(at(NOON, clock)) == 4
    assert len(at(NOON, clock)) == 5


@pytest.mark.django_db(transaction=True)
def test_three_beats_at_once_remind_everybody_once(postgres: str, clock: time_machine.Traveller) -> None:
    for _more in range(40):
        issue(CardFactory.create(), at=NOON - 13 * HOUR)
    at_once(3, lambda _number: remind(timezone.now()))
    remind(timezone.now())
    assert Message.objects.count() == 40


@pytest.mark.django_db(transaction=True)
def test_looking_and_then_writing_reminds_more_than_once(postgres: str, clock: time_machine.Traveller) -> None:
    """The twin: what the lock and the key are for."""
    for _more in range(10):
        issue(CardFactory.create(), at=NOON - 13 * HOUR)
    all_have_looked = threading.Barrier(3)

    def naive(number: int) -> None:
        due = list(ActivationCode.objects.unfinished().filter(remind_at__lte=NOON))
        all_have_looked.wait(timeout=30)
        for code in due:
            make_message(kind="activation_reminder", subject_id=code.pk)
            ActivationCode.objects.filter(pk=code.pk).update(remind_at=None)

    at_once(3, naive)
    assert Message.objects.count() == 30

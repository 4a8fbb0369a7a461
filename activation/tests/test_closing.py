"""Attempts that the clock has ended are closed once, whoever else closes them at the same moment."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier

import pytest
from django.utils import timezone

from activation import closing
from activation.models import ActivationAttempt, ActivationCode
from activation.models.attempts import Verdict
from activation.notices import tell_registered_contacts
from activation.tests.factories import submitted, unsubmitted
from activation.verification import record_verdict
from cards.models import Card, CardEvent, Pin
from cards.tests.factories import CardFactory
from messaging.models import Message
from vault.tests.concurrency import at_once, while_uncommitted

pytestmark = pytest.mark.django_db(transaction=True)
BEATS = 3
A_WEEK_AGO = timedelta(days=7)


def stale(count: int) -> None:
    """Attempts that ended a week ago, whose codes would be good for two weeks yet."""
    for _number in range(count):
        unsubmitted(CardFactory.create(), closes_at=timezone.now() - A_WEEK_AGO)


def unanswered(count: int) -> None:
    for _number in range(count):
        submitted(CardFactory.create(), submitted_at=timezone.now() - A_WEEK_AGO)


def close(number: int = 0) -> int:
    return closing.close_stale(timezone.now())


def test_a_stale_attempt_gives_its_code_back_and_a_fresh_one_and_its_pin_stay() -> None:
    stale(3)
    fresh = unsubmitted(CardFactory.create(), closes_at=timezone.now() + timedelta(hours=1))
    assert (close(), close()) == (3, 0)
    assert ActivationAttempt.objects.get(closed_at=None) == fresh
    assert ActivationCode.objects.get(reserved_until__isnull=False) == fresh.code
    assert Pin.objects.get().card_id == fresh.card_id


def test_a_week_is_caught_up_step_by_step_and_tick_by_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    stale(25)
    monkeypatch.setattr(closing, "STEP", 10)
    assert [closing.close_unsubmitted(timezone.now(), seconds=0) for _tick in range(4)] == [10, 10, 5, 0]
    stale(25)
    assert closing.close_unsubmitted(timezone.now(), seconds=10) == 25


def test_one_that_cannot_be_ended_is_left_and_the_others_do_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    unanswered(3)
    broken = ActivationAttempt.objects.order_by("submitted_at").values_list("pk", flat=True)[0]

    def breaking(attempt: ActivationAttempt, verdict: Verdict, *, reason: str) -> bool:
        if attempt.pk == broken:
            raise ZeroDivisionError
        return record_verdict(attempt, verdict, reason=reason)

    monkeypatch.setattr(closing, "record_verdict", breaking)
    assert close() == 2
    assert ActivationAttempt.objects.get(closed_at=None).pk == broken
    monkeypatch.undo()
    assert close() == 1


def test_three_beats_at_once_close_each_attempt_once(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "STEP", 7)
    stale(40)
    while closed := sum(at_once(BEATS, close)):
        assert closed <= 40
    assert not ActivationAttempt.objects.filter(closed_at=None).exists()
    assert not ActivationCode.objects.filter(reserved_until__isnull=False).exists()
    assert not Pin.objects.exists()


def ended_once(count: int) -> bool:
    """One event and one notice a contact for each attempt."""
    events = CardEvent.objects.filter(to_state="pending_activation").count()
    notices = Message.objects.filter(kind="activation_not_possible").count()
    assert events >= count and notices >= 2 * count
    return (events, notices) == (count, 2 * count)


def test_three_beats_at_once_end_each_attempt_without_a_verdict_once(postgres: str) -> None:
    unanswered(20)
    assert sum(at_once(BEATS, close)) == 20
    assert ended_once(20)
    assert set(ActivationAttempt.objects.values_list("verdict", "reason")) == {("no_answer", "no_verdict_in_24_hours")}
    assert set(Card.objects.values_list("state", flat=True)) == {"pending_activation"}


def test_reading_and_then_ending_would_tell_people_more_than_once(postgres: str) -> None:
    """The twin: it looks whether the attempt is open, and then ends it."""
    unanswered(20)
    all_have_looked = Barrier(BEATS)

    def naive(number: int) -> None:
        found = list(ActivationAttempt.objects.without_verdict(timezone.now()).select_related("card__programme"))
        all_have_looked.wait(timeout=30)
        for attempt in found:
            at = timezone.now()
            ActivationAttempt.objects.filter(pk=attempt.pk).update(verdict="no_answer", verdict_at=at, closed_at=at)
            tell_registered_contacts(attempt, "activation_not_possible", at)

    at_once(BEATS, naive)
    assert Message.objects.filter(kind="activation_not_possible").count() == 40 * BEATS


def at_the_door_meanwhile(sweep: Callable[[], object]) -> ActivationCode:
    """A person opens the next attempt on the same code while a sweep is at the first one."""
    card = CardFactory.create()
    first = unsubmitted(card, closes_at=timezone.now() - timedelta(seconds=1))
    until = timezone.now() + timedelta(hours=24)

    def open_the_next() -> None:
        ActivationCode.objects.filter(pk=first.code_id).update(reserved_until=until)
        ActivationAttempt.objects.stale(timezone.now()).filter(card=card).update(closed_at=timezone.now())

    while_uncommitted(open_the_next, sweep)
    return ActivationCode.objects.get(pk=first.code_id)


def test_an_attempt_that_is_closed_at_the_door_leaves_the_next_one_s_code_reserved(postgres: str) -> None:
    assert at_the_door_meanwhile(close).reserved_until


def test_releasing_the_codes_of_what_was_read_would_take_the_code_from_the_next_one(postgres: str) -> None:
    """The twin: what was stale a moment ago is closed and released."""

    def naive() -> None:
        codes = list(ActivationAttempt.objects.stale(timezone.now()).values_list("code_id", flat=True))
        ActivationAttempt.objects.stale(timezone.now()).update(closed_at=timezone.now())
        ActivationCode.objects.filter(pk__in=codes).update(reserved_until=None)

    assert at_the_door_meanwhile(naive).reserved_until is None


def test_an_attempt_at_the_door_holds_no_other_up(postgres: str) -> None:
    stale(5)
    held = ActivationCode.objects.order_by("pk")[0].pk
    assert while_uncommitted(lambda: ActivationCode.objects.select_for_update().get(pk=held), close) == 4
    assert close() == 1

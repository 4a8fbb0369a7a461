"""LIVE and RESERVED and back, CONSUMED, EXPIRED, SUPERSEDED, REVOKED: no terminal state is left."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from cards.code_rules import SHORT
from cards.one_time_codes import CodeState, OneTimeCodeQuerySet
from cards.tests.example_code import ExampleCode

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def code(codes: type[ExampleCode]) -> ExampleCode:
    drawn = codes.draw(rule=SHORT, channel="sms", at=NOON)
    drawn.save()
    return drawn


def _all() -> OneTimeCodeQuerySet:
    return OneTimeCodeQuerySet(ExampleCode).all()


def _reserve(*, at: datetime, until: datetime) -> int:
    return _all().live(at).update(reserved_until=until)


def _state(code: ExampleCode, at: datetime) -> CodeState:
    code.refresh_from_db()
    return code.state(at)


def test_the_clock_decides_without_any_sweep(code: ExampleCode) -> None:
    last, gone = NOON + 10 * MINUTE - timedelta(microseconds=1), NOON + 10 * MINUTE
    assert (_state(code, last), _state(code, gone)) == (CodeState.LIVE, CodeState.EXPIRED)
    assert (_all().live(last).count(), _all().live(gone).count()) == (1, 0)
    assert (_all().stale(last).count(), _all().stale(gone).count()) == (0, 1)
    assert _all().consume(gone) == 0
    assert _reserve(at=gone, until=gone + MINUTE) == 0


def test_a_reserved_code_outlives_its_own_expiry_and_returns_when_released(code: ExampleCode) -> None:
    assert _reserve(at=NOON + MINUTE, until=NOON + 60 * MINUTE) == 1
    later = NOON + 30 * MINUTE
    assert _state(code, later) == CodeState.RESERVED
    assert _all().live(later).exists()
    assert not _all().stale(later).exists()
    assert _all().release() == 1
    assert _state(code, NOON + 5 * MINUTE) == CodeState.LIVE
    assert _state(code, later) == CodeState.EXPIRED


def test_a_reservation_ends_by_the_clock_too(code: ExampleCode) -> None:
    _reserve(at=NOON, until=NOON + 60 * MINUTE)
    assert _state(code, NOON + 60 * MINUTE) == CodeState.EXPIRED
    assert _all().consume(NOON + 60 * MINUTE) == 0


ENDS: dict[CodeState, Any] = {
    CodeState.CONSUMED: lambda at: _all().consume(at),
    CodeState.SUPERSEDED: lambda at: _all().supersede(at),
    CodeState.REVOKED: lambda at: _all().revoke(at),
    CodeState.EXPIRED: lambda at: _all().expire(at + 10 * MINUTE),
}


@pytest.mark.parametrize("end", list(ENDS))
def test_no_terminal_state_is_left(code: ExampleCode, end: CodeState) -> None:
    assert ENDS[end](NOON) == 1
    before = ExampleCode.objects.values().get()
    for verb in ENDS.values():
        verb(NOON + MINUTE)
        _reserve(at=NOON + MINUTE, until=NOON + 60 * MINUTE)
        _all().release()
    assert ExampleCode.objects.values().get() == before
    assert _state(code, NOON) == end


def test_a_code_that_the_clock_ended_is_marked_expired_when_a_newer_one_comes(code: ExampleCode) -> None:
    assert _all().supersede(NOON + 11 * MINUTE) == 0
    assert _state(code, NOON + 11 * MINUTE) == CodeState.EXPIRED


def test_a_subject_has_one_unfinished_code_only(code: ExampleCode) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ExampleCode.draw(rule=SHORT, channel="sms", at=NOON).save()
    _all().supersede(NOON + MINUTE)
    ExampleCode.draw(rule=SHORT, channel="sms", at=NOON + MINUTE).save()
    ExampleCode.draw(rule=SHORT, channel="sms", at=NOON, subject=2).save()


def test_the_first_half_of_its_life_is_when_it_is_sent_again(code: ExampleCode) -> None:
    assert code.in_first_half(NOON + 5 * MINUTE - timedelta(seconds=1))
    assert not code.in_first_half(NOON + 5 * MINUTE)


def test_asking_again_gives_the_same_code_in_the_first_half_of_its_life_by_the_same_way(code: ExampleCode) -> None:
    contact = uuid4()
    how: dict[str, Any] = {"rule": SHORT, "channel": "sms", "contact_index": contact, "subject": 7}
    first = ExampleCode.issue(at=NOON, **how)
    assert ExampleCode.issue(at=NOON + 4 * MINUTE, **how).derive() == first.derive()
    later = ExampleCode.issue(at=NOON + 5 * MINUTE, **how)
    assert later.pk != first.pk
    assert _state(first, NOON + 5 * MINUTE) == CodeState.SUPERSEDED
    for otherwise in ({"channel": "voice"}, {"contact_index": uuid4()}):
        newer = ExampleCode.issue(at=NOON + 6 * MINUTE, **how | otherwise)
        assert _all().filter(subject=7).unfinished().get() == newer
    assert _state(code, NOON + 6 * MINUTE) == CodeState.LIVE


@pytest.mark.parametrize(
    "change",
    [
        {"digits": 8},
        {"channel": "pigeon"},
        {"expires_at": NOON},
        {"consumed_at": NOON, "revoked_at": NOON},
        {"superseded_at": NOON, "expired_at": NOON},
    ],
)
def test_the_database_refuses_a_code_that_cannot_be(code: ExampleCode, change: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ExampleCode.objects.update(**change)

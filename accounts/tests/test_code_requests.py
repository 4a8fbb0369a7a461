"""Requests for codes: written for everybody, answered once, by whichever worker comes."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import code_requests, tasks
from accounts.models import CodeRequest, SignInCode
from accounts.refusals import SendTooEarly, TooManyChecks, TooManySends
from accounts.services import request_code, request_sign_in_code
from accounts.tests.codes import ADDRESS
from accounts.tests.factories import UserFactory
from messaging.models import Message

pytestmark = pytest.mark.django_db

PHONE = "+8613800138000"


@pytest.fixture
def answered() -> Iterator[list[dict[str, Any]]]:
    """Requests for the purpose "noting" are noted here; one whose body says so fails."""
    seen: list[dict[str, Any]] = []

    def note(body: dict[str, Any], request: CodeRequest) -> None:
        if body.get("fails"):
            raise ConnectionError(f"about {PHONE}")
        seen.append(body)

    code_requests.register("noting", note)
    yield seen
    del code_requests._answers["noting"]


def ask(**body: object) -> CodeRequest:
    return CodeRequest.objects.create(purpose="noting", body=json.dumps(body))


def test_a_request_is_answered_with_what_was_asked(answered: list[dict[str, Any]]) -> None:
    request = request_code(purpose="noting", body={"n": 1}, subject="a card", address=ADDRESS)
    tasks.answer_code_requests(str(request.pk))
    assert answered == [{"n": 1}]
    request.refresh_from_db()
    assert request.handled_at is not None


def test_the_sweep_answers_what_the_quick_task_missed(answered: list[dict[str, Any]]) -> None:
    for n in range(3):
        ask(n=n)
    assert tasks.sweep_code_requests() == 3
    assert sorted(body["n"] for body in answered) == [0, 1, 2]
    assert tasks.sweep_code_requests() == 0


def test_a_request_is_answered_once_however_often_it_is_looked_at(answered: list[dict[str, Any]]) -> None:
    request = ask(n=1)
    for _time in range(3):
        tasks.answer_code_requests(str(request.pk))
    tasks.sweep_code_requests()
    assert answered == [{"n": 1}]


def test_a_worker_that_died_leaves_its_request_to_the_next_one(answered: list[dict[str, Any]]) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask(n=1)
        assert len(code_requests.claim_waiting()) == 1  # and then the worker is killed
        assert tasks.sweep_code_requests() == 0
        clock.shift(timedelta(seconds=61))
        assert tasks.sweep_code_requests() == 1
    assert answered == [{"n": 1}]


def test_a_failed_answer_is_tried_again_and_keeps_nobody_waiting(
    answered: list[dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        failing, _good = ask(fails=True), ask(n=2)
        tasks.sweep_code_requests()
        assert answered == [{"n": 2}]
        failing.refresh_from_db()
        assert (failing.handled_at, failing.leased_until) == (None, None)
        assert tasks.sweep_code_requests() == 0
        clock.shift(timedelta(seconds=5))
        assert tasks.sweep_code_requests() == 1
    assert "ConnectionError" in caplog.text
    assert PHONE not in caplog.text


def test_a_request_of_ten_minutes_ago_is_not_answered_any_more(answered: list[dict[str, Any]]) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        request = ask(n=1)
        clock.shift(timedelta(minutes=10))
        tasks.answer_code_requests(str(request.pk))
        assert tasks.sweep_code_requests() == 0
    assert answered == []


def test_one_sweep_answers_more_than_one_claim_takes_and_stops_when_its_time_is_over(
    answered: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_requests, "MOST_AT_ONCE", 2)
    for n in range(7):
        ask(n=n)
    assert code_requests.answer_waiting(seconds=0) == 2
    assert code_requests.answer_waiting() == 5
    assert sorted(body["n"] for body in answered) == list(range(7))


def test_requests_are_forgotten_after_a_day(answered: list[dict[str, Any]]) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask(n=1)
        clock.shift(timedelta(hours=23))
        assert tasks.forget_code_requests() == 0
        clock.shift(timedelta(hours=1))
        assert tasks.forget_code_requests() == 1


def test_two_rooms_cannot_answer_the_same_purpose(answered: list[dict[str, Any]]) -> None:
    with pytest.raises(ValueError, match="answered already"):
        code_requests.register("noting", lambda body, request: None)


def test_nobody_who_reads_the_table_learns_who_asked() -> None:
    request_sign_in_code(contact=PHONE, address=ADDRESS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_coderequest")
        row = repr(cursor.fetchall())
    assert "13800138000" not in row
    assert ADDRESS not in row


def test_for_an_account_the_answer_is_a_code_and_a_message_to_it() -> None:
    user = UserFactory.create(phone=PHONE, language="zh-hans")
    request_sign_in_code(contact=PHONE, address=ADDRESS, programme="campus")
    tasks.sweep_code_requests()
    code, message = SignInCode.objects.get(user=user), Message.objects.get()
    assert (message.kind, message.channel, message.subject_id) == ("sign_in_code", "sms", code.pk)
    assert (message.language, message.programme_code, message.deadline) == ("zh-hans", "campus", code.expires_at)
    assert message.contact_index == user.phone_index
    assert code.expires_at - code.issued_at == timedelta(minutes=10)


def test_for_nobody_the_answer_is_nothing() -> None:
    request_sign_in_code(contact=PHONE, address=ADDRESS)
    tasks.sweep_code_requests()
    assert CodeRequest.objects.exclude(handled_at=None).count() == 1
    assert not SignInCode.objects.exists()
    assert not Message.objects.exists()


def test_asking_takes_the_same_statements_for_known_and_unknown() -> None:
    UserFactory.create(phone=PHONE)
    request_sign_in_code(contact="+8613800130000", address=ADDRESS)  # so that the address has been seen
    taken = []
    for contact in (PHONE, "+8613800138001"):
        with CaptureQueriesContext(connection) as captured:
            request_sign_in_code(contact=contact, address=ADDRESS)
        taken.append([query["sql"].split('"')[:2] for query in captured.captured_queries])
    assert [what for what, _table in taken[0]] == [what for what, _table in taken[1]]
    assert not any(table == "accounts_user" for _what, table in taken[0])


@pytest.mark.parametrize("contact", [PHONE, "+8613800138001"])
def test_sendings_are_limited_alike_for_known_and_unknown(contact: str) -> None:
    UserFactory.create(phone=PHONE)
    start, told = timezone.now(), []
    with time_machine.travel(start, tick=False) as clock:
        for minutes in (0, 0.5, 1, 2, 3, 60, 120, 180):
            clock.move_to(start + timedelta(minutes=minutes))
            try:
                request_sign_in_code(contact=contact, address=ADDRESS)
                told.append("sent")
            except (SendTooEarly, TooManySends) as refusal:
                told.append(type(refusal).__name__)
    assert told == ["sent", "SendTooEarly", "sent", "sent", "TooManySends", "sent", "sent", "TooManySends"]


def test_a_refused_request_writes_nothing_and_counts_nowhere() -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        start = timezone.now()
        request_sign_in_code(contact=PHONE, address=ADDRESS)
        for _try in range(10):
            with pytest.raises(SendTooEarly) as refusal:
                request_sign_in_code(contact=PHONE, address=ADDRESS)
        assert refusal.value.until == start + timedelta(seconds=60)
        clock.shift(timedelta(seconds=60))
        request_sign_in_code(contact=PHONE, address=ADDRESS)
    assert CodeRequest.objects.count() == 2


def test_an_address_may_ask_30_times_and_its_network_120_times() -> None:
    with pytest.raises(TooManyChecks):
        for serial in range(31):
            request_sign_in_code(contact=f"+8613{serial:09d}", address=ADDRESS)
    assert CodeRequest.objects.count() == 30
    with pytest.raises(TooManyChecks):
        for serial in range(31, 400):
            request_sign_in_code(contact=f"+8613{serial:09d}", address=f"192.0.2.{serial % 200 + 2}")
    assert CodeRequest.objects.count() == 120
    request_sign_in_code(contact=PHONE, address="198.51.100.1")

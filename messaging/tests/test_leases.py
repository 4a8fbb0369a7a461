"""Claiming rows: each goes to one worker, comes back when the lease ends, and is never given before its time."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from messaging.leases import claim, due, is_any
from messaging.models import Message
from messaging.tests.factories import make_message, make_messages
from tests.plans import as_new, plan_of

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_a_claimed_row_is_not_given_again_until_its_lease_ends() -> None:
    row, now = make_message(), timezone.now()
    assert claim(Message.objects.waiting(), limit=10, lease=MINUTE, at=now) == [row.pk]
    assert claim(Message.objects.waiting(), limit=10, lease=MINUTE, at=now + timedelta(seconds=59)) == []
    assert claim(Message.objects.waiting(), limit=10, lease=MINUTE, at=now + MINUTE) == [row.pk]


def test_every_claim_counts_a_try_and_names_the_end_of_its_lease() -> None:
    row, now = make_message(), timezone.now()
    claim(Message.objects.waiting(), limit=10, lease=MINUTE, at=now)
    row.refresh_from_db()
    assert (row.tries, row.leased_until) == (1, now + MINUTE)
    assert list(Message.objects.held(now + MINUTE)) == [row]


def test_no_more_rows_than_asked_for_are_taken_and_the_longest_due_come_first() -> None:
    rows, now = make_messages(5), timezone.now()
    for age, row in enumerate(rows):
        Message.objects.filter(pk=row.pk).update(next_try_at=now - timedelta(seconds=age))
    first = claim(Message.objects.waiting(), limit=2, lease=MINUTE, at=now)
    assert set(first) == {rows[4].pk, rows[3].pk}
    assert Message.objects.held(now + MINUTE).count() == 2


def test_a_row_whose_next_try_has_not_come_is_left_alone() -> None:
    make_message(next_try_at=timezone.now() + timedelta(seconds=5))
    assert claim(Message.objects.waiting(), limit=10, lease=MINUTE) == []


def test_rows_outside_the_queryset_are_left_alone() -> None:
    make_message(sent_at=timezone.now())
    email = make_message(channel="email")
    make_message(channel="sms")
    assert claim(Message.objects.waiting().filter(channel="email"), limit=10, lease=MINUTE) == [email.pk]


def test_whether_there_are_more_than_so_many() -> None:
    make_messages(3)
    waiting = Message.objects.waiting().order_by("next_try_at")
    assert [is_any(waiting, beyond=many) for many in range(5)] == [True, True, True, False, False]
    assert not is_any(waiting.filter(channel="voice"))


def test_whether_any_is_due_is_found_by_the_index_where_many_wait_behind_many_that_were_sent(postgres: str) -> None:
    as_new(Message)
    make_messages(500, sent_at=timezone.now())
    make_messages(500)
    waiting = Message.objects.waiting().filter(due(timezone.now()), channel="sms", urgent=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE messaging_message")
    with CaptureQueriesContext(connection) as captured:
        assert is_any(waiting.order_by("next_try_at"))
        assert waiting.exists()
    plans = [plan_of(query["sql"], ruled_out=()) for query in captured.captured_queries]
    assert "message_due" in plans[0] and "Seq Scan" not in plans[0]
    assert "Seq Scan" in plans[1], "what it is said for"

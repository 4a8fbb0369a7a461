"""Marking as sent: together what one answer was for, whoever holds the rows, and never what has ended."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from messaging.answers import Taken
from messaging.marking import mark_taken
from messaging.models import Message
from messaging.tests.factories import make_message, make_messages

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 5])
def test_each_message_keeps_what_its_gateway_answered(count: int) -> None:
    messages, poll_at = make_messages(count, failure="http 503"), timezone.now() + timedelta(minutes=2)
    mark_taken([(message, Taken("http", f"id-{n}" * 99, "+86", poll_at)) for n, message in enumerate(messages)])
    for number, message in enumerate(messages):
        message.refresh_from_db()
        assert message.sent_at is not None and message.leased_until is None and message.failure == ""
        assert message.provider_id == (f"id-{number}" * 99)[:200]
        assert (message.gateway, message.destination, message.next_poll_at) == ("http", "+86", poll_at)


def test_what_has_ended_meanwhile_stays_as_it_is() -> None:
    dropped, waiting = make_message(dropped_at=timezone.now()), make_message()
    mark_taken([(dropped, Taken("http", "a")), (waiting, Taken("http", "b"))])
    dropped.refresh_from_db()
    waiting.refresh_from_db()
    assert dropped.sent_at is None and waiting.sent_at is not None


def test_many_are_marked_in_one_statement(postgres: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    messages = make_messages(500)
    with django_assert_num_queries(1):
        mark_taken([(message, Taken("http", str(message.pk))) for message in messages])
    assert not Message.objects.waiting().exists()


def test_nothing_to_mark_asks_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        mark_taken([])

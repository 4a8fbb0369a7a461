"""Budgets: how many messages go to a country and to one number, what becomes of the others, and who hears of it."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from messaging import delivery, instead, kinds, rests
from messaging.breaker import look_at_prefixes
from messaging.budgets import CODES_TO_A_NUMBER, NOTICES_TO_A_NUMBER
from messaging.gateways import memory
from messaging.kinds import Envelope, Kind
from messaging.models import Destination, Message, OperationsNotice
from messaging.tests.factories import make_message, make_messages
from messaging.tests.secrets import contact_code
from tests.services.sms import SmsGateway
from vault import limits
from vault.limits import Limit
from vault.models import Counter
from vault.tests.concurrency import at_once

HOUR = timedelta(hours=1)


def deliver(urgent: bool = True, channel: str = "sms") -> None:
    delivery.deliver_due(channel, urgent=urgent, seconds=20)


def sent() -> int:
    return Message.objects.filter(sent_at__isnull=False).count()


def told() -> list[tuple[str, str]]:
    return sorted(OperationsNotice.objects.values_list("cause", "prefix"))


def failures() -> set[str]:
    return set(Message.objects.filter(dead_at__isnull=False).values_list("failure", flat=True))


@pytest.fixture
def goes_by_email(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A kind of code that goes to the person's email address where a text message may not."""

    def another_way(message: Message) -> bool:
        make_message(channel="email", subject_id=message.subject_id, in_place_of=message.pk)
        return True

    monkeypatch.setitem(kinds._KINDS, "contact_code", Kind("contact_code", contact_code, instead=another_way))
    yield


@pytest.fixture
def to(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let all messages go to this number."""

    def set_number(number: str) -> None:
        def build(message: Message) -> Envelope:
            envelope = contact_code(message)
            return Envelope(to=number, language="en", params=envelope.params, service="Campus card")

        monkeypatch.setitem(kinds._KINDS, "contact_code", Kind("contact_code", build))

    return set_number


@pytest.mark.django_db
@pytest.mark.parametrize("budget", ["hourly_budget", "daily_budget"])
def test_a_used_up_budget_ends_the_code_sends_it_by_email_and_tells_staff_once(
    memory_sms: None, goes_by_email: None, budget: str
) -> None:
    Destination.objects.create(prefix="+86", **{budget: 3})
    make_messages(5)
    deliver()
    assert sent() == len(memory.outbox) == 3
    word = budget.removesuffix("_budget")
    assert failures() == {f"the {word} budget of the destination is used up"}
    make_message()
    deliver()
    assert told() == [("budget_an_hour" if word == "hourly" else "budget_a_day", "+86")]
    assert instead.look_for_other_ways() == 3
    assert Message.objects.filter(channel="email", in_place_of__isnull=False).count() == 3


@pytest.mark.django_db
def test_a_message_without_another_way_waits_for_the_next_window_if_it_keeps_so_long(memory_sms: None) -> None:
    Destination.objects.create(prefix="+86", hourly_budget=1)
    soon, notice = make_message(), make_message(deadline=timezone.now() + timedelta(days=3))
    Message.objects.filter(pk=soon.pk).update(next_try_at=timezone.now() - HOUR)
    third = make_message()
    deliver()
    for message in (soon, notice, third):
        message.refresh_from_db()
    assert soon.sent_at and third.dead_at and notice.dead_at is None
    assert timedelta(minutes=59) < notice.next_try_at - timezone.now() <= HOUR
    assert (notice.tries, notice.failure) == (0, "the hourly budget of the destination is used up"), "it was not tried"
    Counter.objects.update(ends_at=timezone.now())
    Message.objects.update(next_try_at=timezone.now())
    deliver()
    assert sent() == 2
    notice.refresh_from_db()
    assert notice.failure == ""


@pytest.mark.django_db
def test_what_nobody_waits_for_leaves_half_of_a_budget_to_codes(memory_sms: None) -> None:
    Destination.objects.create(prefix="+86", hourly_budget=10)
    make_messages(20, urgent=False, deadline=timezone.now() + timedelta(days=7))
    deliver(urgent=False)
    assert sent() == 5 and told() == []
    make_messages(20)
    deliver()
    assert sent() == 10 and told() == [("budget_an_hour", "+86")]


@pytest.mark.django_db
def test_calls_count_as_text_messages_do_and_emails_do_not(memory_sms: None, settings: Settings) -> None:
    settings.VOICE_URL = "memory:"
    Destination.objects.create(prefix="+86", hourly_budget=2)
    make_message(channel="email")
    deliver(channel="email")
    assert not Counter.objects.exists()
    for channel in ("voice", "sms"):
        make_message(channel=channel)
        deliver(channel=channel)
    assert sent() == 3 and limits.peek(prefix_limit(), "+86").tries == 2
    for channel in ("voice", "sms"):
        make_message(channel=channel)
        deliver(channel=channel)
    assert sent() == 3


def prefix_limit() -> Limit:
    return Limit("messages-to-a-prefix-an-hour", "as it is counted", 100, HOUR)


@pytest.mark.django_db
def test_one_number_gets_ten_in_an_hour_and_another_one_is_not_touched(memory_sms: None) -> None:
    number = uuid4()
    make_messages(11, contact_index=number)
    make_messages(2)
    deliver()
    assert sent() == 12
    assert failures() == {"this number has had as many messages as one may get"}
    assert told() == [("number_budget", "")]


@pytest.mark.django_db
def test_one_number_gets_twenty_in_a_day(memory_sms: None) -> None:
    number = uuid4()
    for _hour in range(3):
        make_messages(10, contact_index=number)
        deliver()
        limits.put_back({(NOTICES_TO_A_NUMBER[1], str(number)): 10})  # as if the hour had passed
    assert sent() == 20


@pytest.mark.django_db
def test_notices_to_a_number_leave_its_codes_alone_and_codes_its_notices(
    memory_sms: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = uuid4()
    monkeypatch.setitem(kinds._KINDS, "card_active", Kind("card_active", contact_code, channels=("sms",)))
    monkeypatch.setitem(kinds._KINDS, "contact_code", Kind("contact_code", contact_code, used=lambda codes: 0))
    make_messages(11, contact_index=number, kind="card_active")
    make_messages(11, contact_index=number)
    deliver()
    kinds_sent = Message.objects.filter(sent_at__isnull=False).values_list("kind", flat=True)
    assert sorted(kinds_sent) == ["card_active"] * 10 + ["contact_code"] * 10
    for limit in (*CODES_TO_A_NUMBER, *NOTICES_TO_A_NUMBER):
        assert limits.peek(limit, str(number)).tries == 10


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "row", "sends", "prefix"),
    [
        ("+85251234567", None, False, "+852"),
        ("+85251234567", {"prefix": "+852"}, True, ""),
        ("+85251234567", {"prefix": "+852", "allowed": False}, False, "+852"),
        ("+85251234567", {"prefix": "+852", "daily_budget": 0}, False, "+852"),
        ("+8613800138000", None, True, ""),
        ("+8613800138000", {"prefix": "+852"}, True, ""),
        ("+8613800138000", {"prefix": "+86", "allowed": False}, False, "+86"),
    ],
)
def test_only_allowed_countries_are_sent_to(
    memory_sms: None,
    to: Callable[[str], None],
    number: str,
    row: dict[str, Any] | None,
    sends: bool,
    prefix: str,
) -> None:
    if row:
        Destination.objects.create(**row)
    to(number)
    make_messages(2)
    deliver()
    assert len(memory.outbox) == (2 if sends else 0)
    assert failures() == (set() if sends else {"the country is not allowed"})
    assert told() == ([] if sends else [("not_allowed", prefix)])


@pytest.mark.django_db
def test_a_stopped_prefix_gets_nothing_and_a_half_open_one_a_hundred(memory_sms: None) -> None:
    stopped = Destination.objects.create(prefix="+86", tripped_at=timezone.now())
    make_message()
    deliver()
    assert sent() == 0 and failures() == {"stopped: too few codes sent there were used"}
    Destination.objects.filter(pk=stopped.pk).update(tripped_at=timezone.now() - HOUR)
    make_messages(120)
    deliver()
    assert sent() == 100


@pytest.mark.django_db
def test_what_was_sent_and_not_used_stops_its_prefix(memory_sms: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """From sending to stopping: the destination that is marked with a message is the one that is looked at."""
    monkeypatch.setitem(kinds._KINDS, "contact_code", Kind("contact_code", contact_code, used=lambda codes: 0))
    make_messages(50)
    deliver()
    Message.objects.update(created_at=timezone.now() - timedelta(minutes=20))
    assert look_at_prefixes() == ["+86"]
    make_message()
    deliver()
    assert sent() == 50


@pytest.mark.django_db
def test_a_message_that_is_tried_again_counts_once(http_sms: SmsGateway) -> None:
    make_messages(3)
    for behaviour, counted in ((503, 0), (503, 0), (200, 3)):
        http_sms.behaviour = behaviour
        rests.answered("http")
        Message.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
        deliver()
        assert limits.peek(prefix_limit(), "+86").tries == counted
    assert sent() == 3 and len(http_sms.all()) == 9


@pytest.mark.django_db
def test_a_batch_asks_its_budgets_together(memory_sms: None) -> None:
    make_messages(50)
    with CaptureQueriesContext(connection) as captured:
        deliver()
    counting = [query for query in captured.captured_queries if "vault_counter" in query["sql"]]
    assert sent() == 50 and len(counting) <= 2


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_send_exactly_the_budget(postgres: str, memory_sms: None) -> None:
    Destination.objects.create(prefix="+86", hourly_budget=100)
    make_messages(240)
    at_once(4, lambda _number: deliver())
    assert sent() == 100


@pytest.mark.django_db(transaction=True)
def test_looking_what_is_left_and_then_sending_would_send_more(
    postgres: str, memory_sms: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: what counting in one statement is for."""

    all_have_looked, later = threading.Barrier(4), threading.local()

    def naive(wanted: dict[tuple[Limit, str], int]) -> dict[tuple[Limit, str], int]:
        left = {one: min(limits.peek(*one).left, many) for one, many in wanted.items()}
        if not hasattr(later, "batch"):
            later.batch = all_have_looked.wait(timeout=30)
        limits._add_many(left, limits.COUNT_MANY)
        return left

    Destination.objects.create(prefix="+86", hourly_budget=100)
    make_messages(240)
    monkeypatch.setattr(limits, "take", naive)
    at_once(4, lambda _number: deliver())
    assert sent() > 100

"""The breaker: a prefix whose codes are not used is stopped, tried a little, and opened again."""

import threading
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from messaging import breaker, kinds
from messaging.breaker import PAUSE, is_half_open, is_open, look_at_prefixes
from messaging.kinds import Kind
from messaging.models import Destination, Message, OperationsNotice
from messaging.tests.factories import make_messages
from messaging.tests.secrets import contact_code
from tests.plans import as_new, plan_of

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def used(monkeypatch: pytest.MonkeyPatch) -> set[UUID]:
    """The codes that their people have used."""
    codes: set[UUID] = set()

    def count(ids: Collection[UUID]) -> int:
        return len(codes & set(ids))

    monkeypatch.setitem(kinds._KINDS, "contact_code", Kind("contact_code", contact_code, used=count))
    return codes


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def send(many: int, *, age: timedelta, prefix: str = "+86", **values: object) -> list[Message]:
    """Codes that were sent to a prefix so long ago."""
    messages = make_messages(many, destination=prefix, sent_at=timezone.now() - age, **values)
    Message.objects.filter(pk__in=[message.pk for message in messages]).update(created_at=timezone.now() - age)
    return messages


def use(used: set[UUID], messages: Collection[Message]) -> None:
    used |= {message.subject_id for message in messages}


def tripped_at(prefix: str = "+86") -> datetime | None:
    return Destination.objects.get(prefix=prefix).tripped_at


@pytest.mark.django_db
@pytest.mark.parametrize(("sent", "used_of_them", "stops"), [(50, 9, True), (50, 10, False), (49, 0, False)])
def test_fewer_than_20_percent_of_at_least_50_codes_stop_a_prefix(
    clock: time_machine.Traveller, used: set[UUID], sent: int, used_of_them: int, stops: bool
) -> None:
    use(used, send(sent, age=11 * MINUTE)[:used_of_them])
    assert look_at_prefixes() == (["+86"] if stops else [])
    assert Destination.objects.filter(tripped_at=START).count() == stops, "a row for the mainland that had none"
    assert list(OperationsNotice.objects.values_list("cause", "prefix")) == ([("tripped", "+86")] if stops else [])


@pytest.mark.django_db
@pytest.mark.parametrize("age", [9 * MINUTE, 71 * MINUTE])
def test_codes_that_may_still_be_used_and_old_ones_say_nothing(clock: time_machine.Traveller, age: timedelta) -> None:
    send(60, age=age)
    assert look_at_prefixes() == []


@pytest.mark.django_db
def test_each_prefix_is_looked_at_by_itself(clock: time_machine.Traveller, used: set[UUID]) -> None:
    for prefix in ("+86", "+852"):
        Destination.objects.create(prefix=prefix)
    send(60, age=20 * MINUTE, prefix="+852")
    use(used, send(60, age=20 * MINUTE))
    assert look_at_prefixes() == ["+852"]
    assert tripped_at() is None and tripped_at("+852") == START


@pytest.mark.django_db
def test_notices_unsent_codes_and_the_same_code_sent_twice_do_not_count(clock: time_machine.Traveller) -> None:
    code = send(49, age=20 * MINUTE)[0]
    send(1, age=20 * MINUTE, subject_id=code.subject_id)
    send(20, age=20 * MINUTE, kind="card_active")
    make_messages(20, destination="+86")
    assert look_at_prefixes() == []
    send(1, age=20 * MINUTE)
    assert look_at_prefixes() == ["+86"]


@pytest.mark.django_db
def test_after_a_pause_it_is_half_open_and_closes_when_codes_are_used(
    clock: time_machine.Traveller, used: set[UUID]
) -> None:
    send(50, age=11 * MINUTE)
    look_at_prefixes()
    (stopped,) = Destination.objects.all()
    assert is_open(stopped, START + PAUSE - MINUTE) and not is_half_open(stopped, START + PAUSE - MINUTE)
    assert is_half_open(stopped, START + PAUSE) and not is_open(stopped, START + PAUSE)
    clock.move_to(START + PAUSE + 15 * MINUTE)
    use(used, send(50, age=11 * MINUTE)[:10])
    look_at_prefixes()
    assert tripped_at() is None


@pytest.mark.django_db
def test_half_open_it_stops_again_when_they_are_not_and_staff_hear_it_again(clock: time_machine.Traveller) -> None:
    send(50, age=11 * MINUTE)
    look_at_prefixes()
    clock.move_to(START + PAUSE + 15 * MINUTE)
    assert look_at_prefixes() == [], "nothing was sent since"
    send(50, age=11 * MINUTE)
    assert look_at_prefixes() == ["+86"]
    assert tripped_at() == START + PAUSE + 15 * MINUTE
    assert OperationsNotice.objects.count() == 2


@pytest.mark.django_db
def test_what_staff_have_opened_is_judged_by_what_was_sent_since(clock: time_machine.Traveller) -> None:
    send(50, age=11 * MINUTE)
    look_at_prefixes()
    Destination.objects.update(tripped_at=None)
    clock.shift(5 * MINUTE)
    assert look_at_prefixes() == []


@pytest.mark.django_db
def test_a_look_reads_the_newest_messages_off_an_index(postgres: str) -> None:
    now = timezone.now()
    with CaptureQueriesContext(connection) as captured:
        breaker.conversion("+86", since=now - timedelta(hours=1), until=now)
    as_new(Message)
    plan = plan_of(captured.captured_queries[0]["sql"], ruled_out=("seqscan", "sort"))
    assert "Index Scan Backward using message_created" in plan, plan


def in_three_threads(look: Callable[[], object]) -> None:
    """As three beats would."""
    start, broken = threading.Barrier(3), list[BaseException]()

    def run() -> None:
        try:
            start.wait()
            look()
        except BaseException as error:
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []


@pytest.mark.django_db(transaction=True)
def test_three_beats_at_once_tell_staff_once(postgres: str) -> None:
    send(50, age=11 * MINUTE)
    in_three_threads(look_at_prefixes)
    assert OperationsNotice.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_reading_and_then_stopping_tells_them_more_than_once(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: what the conditional update is for."""
    both_have_read = threading.Barrier(3)

    def naive(destination: Destination, at: datetime) -> bool:
        row, _made = Destination.objects.get_or_create(prefix=destination.prefix)
        if row.tripped_at is None:
            both_have_read.wait(timeout=30)
            Destination.objects.filter(pk=row.pk).update(tripped_at=timezone.now())
            OperationsNotice.objects.create(cause="tripped", prefix="+86", window=str(threading.get_ident()), until=at)
        return True

    monkeypatch.setattr(breaker, "trip", naive)
    send(50, age=11 * MINUTE)
    in_three_threads(look_at_prefixes)
    assert OperationsNotice.objects.count() == 3

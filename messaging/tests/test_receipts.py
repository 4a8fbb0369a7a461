"""Looking at receipts: doubled, reordered, early, late, unknown and broken ones leave the message as it really is."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from messaging import kinds, outcomes, receipts
from messaging.models import Message, Receipt
from messaging.tests.callbacks import call_back
from messaging.tests.factories import make_message
from messaging.tests.secrets import contact_code

pytestmark = pytest.mark.django_db
DELIVERED = {"id": "x1", "status": "delivered"}
UNDELIVERED = {"id": "x1", "status": "undelivered", "reason": "ABSENT"}
SENT = {"id": "x1", "status": "sent"}


@pytest.fixture(autouse=True)
def http_gateway(settings: Settings) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/sms second=http://127.0.0.1:9/sms"


@pytest.fixture(autouse=True)
def replaced(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """The messages that another way was looked for."""
    found: list[Message] = []

    def instead(message: Message) -> bool:
        found.append(message)
        return True

    monkeypatch.setitem(kinds._KINDS, "contact_code", kinds.Kind("contact_code", contact_code, instead=instead))
    return found


def sent(**values: Any) -> Message:
    """A message that the gateway took as x1 a minute ago."""
    ago = timezone.now() - timedelta(minutes=1)
    message = make_message(**{"sent_at": ago, "gateway": "http", "provider_id": "x1"} | values)
    Message.objects.filter(pk=message.pk).update(created_at=ago)
    return Message.objects.get(pk=message.pk)


def now_of(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def come(*entries: dict[str, Any], **callback: Any) -> None:
    """A callback comes, and a worker looks at it."""
    assert call_back(*entries, **callback).status_code == 204
    receipts.handle_due(seconds=5)


def test_delivered_shows_with_its_moment(replaced: list[Message]) -> None:
    message, at = sent(), timezone.now() - timedelta(seconds=20)
    come(DELIVERED | {"at": at.isoformat()})
    assert now_of(message).delivered_at == at
    assert now_of(message).sent_at == message.sent_at
    assert (Receipt.objects.get().failure, replaced) == ("", [])
    assert Receipt.objects.get().handled_at is not None


def test_undelivered_shows_with_its_reason_and_another_way_is_looked_for_once(replaced: list[Message]) -> None:
    message = sent()
    come(UNDELIVERED, UNDELIVERED)
    come(UNDELIVERED)
    held = now_of(message)
    assert (held.undelivered_at is not None, held.failure, held.delivered_at) == (True, "ABSENT", None)
    assert held.instead_at is not None
    assert replaced == [message]


@pytest.mark.parametrize("order", list(permutations([SENT, UNDELIVERED, DELIVERED, DELIVERED])))
def test_delivered_wins_in_whichever_order_they_come(order: tuple[dict[str, Any], ...]) -> None:
    message = sent()
    for entry in order:
        come(entry)
    held = now_of(message)
    assert (held.delivered_at is not None, held.undelivered_at, held.failure) == (True, None, "")
    assert held.sent_at == message.sent_at


def test_a_receipt_after_the_first_changes_nothing() -> None:
    message = sent()
    come(DELIVERED)
    first = Message.objects.filter(pk=message.pk).values().get()
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        for entry in (DELIVERED, UNDELIVERED, SENT):
            come(entry)
    assert Message.objects.filter(pk=message.pk).values().get() == first


@pytest.mark.parametrize(
    ("told", "kept"),
    [(timedelta(days=-3), "created_at"), (timedelta(days=3), "now"), (None, "now")],
)
def test_the_provider_s_moment_is_bounded_by_the_message_s_life(told: timedelta | None, kept: str) -> None:
    message, now = sent(), timezone.now().replace(microsecond=0)
    with time_machine.travel(now, tick=False):
        come(DELIVERED | ({"at": (now + told).isoformat()} if told else {}))
    assert now_of(message).delivered_at == (now if kept == "now" else message.created_at)


def test_a_receipt_that_is_faster_than_our_own_mark_waits_for_it() -> None:
    message = make_message()
    come(DELIVERED)
    assert now_of(message).delivered_at is None
    waiting = Receipt.objects.get()
    assert (waiting.handled_at, waiting.failure) == (None, "unknown messages: 1 of 1")
    Message.objects.update(sent_at=timezone.now(), gateway="http", provider_id="x1")
    with time_machine.travel(timezone.now() + timedelta(seconds=5)):
        receipts.handle_due(seconds=5)
    assert now_of(message).delivered_at is not None
    assert Receipt.objects.get().failure == ""


@pytest.mark.parametrize("entry", [DELIVERED, UNDELIVERED, SENT])
def test_our_own_key_finds_a_message_whose_answer_we_never_got_and_it_is_not_sent_again(
    entry: dict[str, Any],
) -> None:
    message = make_message(leased_until=timezone.now() + timedelta(seconds=50), gateway="http", failure="no answer")
    come(entry | {"idempotency_key": message.idempotency_key})
    held = now_of(message)
    assert (held.sent_at is not None, held.gateway, held.provider_id, held.leased_until) == (True, "http", "x1", None)
    assert not Message.objects.waiting().exists()


@pytest.mark.parametrize("end", ["dead_at", "dropped_at"])
def test_a_message_that_was_given_up_but_arrived_is_delivered(end: str) -> None:
    message = make_message(**{end: timezone.now()})
    key = {"idempotency_key": message.idempotency_key}
    come(UNDELIVERED | key, SENT | key)
    assert now_of(message).sent_at is None, "given up it stays"
    come(DELIVERED | key)
    held = now_of(message)
    assert (held.delivered_at is not None, held.dead_at, held.dropped_at) == (True, None, None)


def test_another_gateway_may_say_that_it_arrived_but_not_that_it_did_not(replaced: list[Message]) -> None:
    """After falling over to the second gateway, the first one's late word about its own try counts only if good."""
    message = sent(gateway="second", provider_id="y7")
    key = {"idempotency_key": message.idempotency_key}
    come(UNDELIVERED | key)
    assert (now_of(message).undelivered_at, replaced) == (None, [])
    come(DELIVERED | key)
    held = now_of(message)
    assert (held.delivered_at is not None, held.gateway, held.provider_id) == (True, "second", "y7")


def test_the_same_id_at_another_gateway_is_another_message() -> None:
    message = sent(gateway="second")
    come(DELIVERED)
    assert now_of(message).delivered_at is None


def test_an_id_that_several_messages_were_taken_under_tells_nothing_without_our_key() -> None:
    first, second = sent(), sent()
    come(DELIVERED)
    assert not Message.objects.filter(delivered_at__isnull=False).exists()
    come(DELIVERED | {"idempotency_key": second.idempotency_key})
    assert now_of(second).delivered_at is not None
    assert now_of(first).delivered_at is None


def test_an_unknown_message_is_looked_for_during_an_hour_and_no_longer() -> None:
    start, looks = timezone.now(), 0
    known = sent()
    come({"id": "nobody", "status": "delivered"}, DELIVERED)
    assert now_of(known).delivered_at is not None, "the known ones do not wait for it"
    at: datetime = start
    while Receipt.objects.waiting().exists() and looks < 100:
        at = Receipt.objects.get().next_try_at
        with time_machine.travel(at):
            receipts.handle_due(seconds=5)
        looks += 1
    assert 5 <= looks <= 25
    assert timedelta(hours=1) <= at - start < timedelta(hours=2)
    assert Receipt.objects.get().failure == "unknown messages: 1 of 2"


@pytest.mark.parametrize("body", [b"<html>", b"[7]", b"\xff\xfe", b'{"id": "x1"}', b"[" * 60_000])
def test_a_broken_callback_is_marked_with_its_reason_and_never_looked_at_again(body: bytes) -> None:
    message = sent()
    come(body=body)
    receipt = Receipt.objects.get()
    assert receipt.handled_at is not None
    assert receipt.failure.startswith("not understood: ")
    assert (receipt.tries, now_of(message).delivered_at) == (1, None)
    assert not receipts.handle_due(seconds=5)
    assert Receipt.objects.get().tries == 1


@pytest.mark.parametrize("strange", [{"id": "x2", "status": "eaten"}, {"status": "delivered"}, {}])
def test_what_can_be_read_of_a_callback_counts_beside_what_cannot(strange: dict[str, Any]) -> None:
    message = sent()
    come(strange, DELIVERED, strange)
    assert now_of(message).delivered_at is not None
    assert Receipt.objects.get().handled_at is not None


def test_one_that_trips_us_keeps_no_other_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = sent(provider_id="bad"), sent()
    real = outcomes.mark

    def mark(message: Message, *args: Any, **kwargs: Any) -> None:
        if message.pk == bad.pk:
            raise RuntimeError(message.to_masked)
        real(message, *args, **kwargs)

    monkeypatch.setattr(outcomes, "mark", mark)
    call_back({"id": "bad", "status": "delivered"})
    come(DELIVERED)
    assert now_of(good).delivered_at is not None
    tripped = Receipt.objects.waiting().get()
    assert tripped.failure == "cannot be applied: RuntimeError"
    assert tripped.next_try_at > timezone.now()


def test_a_receipt_of_a_gateway_that_is_not_there_any_more_ends(settings: Settings) -> None:
    call_back(DELIVERED)
    settings.SMS_URL = "console:"
    receipts.handle_due(seconds=5)
    assert Receipt.objects.get().failure == "not understood: GatewayNotKnown"


@pytest.mark.parametrize("strange", ["x\x00", "x\ud800"])
@pytest.mark.parametrize("field", ["id", "idempotency_key", "reason"])
def test_letters_that_no_database_keeps_stop_no_receipt(field: str, strange: str) -> None:
    good, bad = sent(), sent(provider_id="x2")
    call_back(UNDELIVERED | {"id": "x2"} | {field: strange})
    come(DELIVERED)
    assert now_of(good).delivered_at is not None
    assert field == "id" or now_of(bad).undelivered_at is not None

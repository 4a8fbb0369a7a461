"""Many copies of one receipt at the same moment, on PostgreSQL: the message changes once."""

from datetime import timedelta
from threading import Barrier

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from messaging import kinds, outcomes, receipts
from messaging.gateways.gateway import Outcome
from messaging.models import Message, Receipt
from messaging.services import queue_message
from messaging.tallies import TallySheet
from messaging.tests.callbacks import call_back
from messaging.tests.factories import make_message
from messaging.tests.secrets import contact_code
from tests.plans import as_new, plan_of
from vault.tests.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
COPIES = 50
UNDELIVERED = {"id": "x1", "status": "undelivered"}


@pytest.fixture(autouse=True)
def http_gateway(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/sms"
    monkeypatch.setitem(kinds._KINDS, "contact_code", kinds.Kind("contact_code", contact_code, instead=by_email))


def by_email(message: Message) -> bool:
    """Say it again by email."""
    queue_message(
        kind=message.kind,
        channel="email",
        subject_id=message.subject_id,
        contact_index=message.contact_index,
        to_masked="z***@qq.com",
        language="en",
        deadline=message.deadline,
        in_place_of=message.pk,
        urgent=False,
    )
    return True


def sent(provider_id: str = "x1") -> Message:
    return make_message(sent_at=timezone.now(), gateway="http", provider_id=provider_id)


def test_fifty_copies_at_once_change_the_message_once(postgres: str) -> None:
    message = sent()
    answers = at_once(COPIES, lambda number: call_back(UNDELIVERED).status_code)
    assert set(answers) == {204}
    assert Receipt.objects.count() == COPIES
    at_once(8, lambda number: receipts.handle_due(seconds=20))
    assert not Receipt.objects.waiting().exists()
    assert set(Receipt.objects.values_list("tries", "failure")) == {(1, "")}
    assert Message.objects.filter(in_place_of=message.pk).count() == 1


def test_fifty_marks_at_once_look_for_another_way_once(postgres: str) -> None:
    message = sent()
    outcome = Outcome("undelivered")
    at_once(
        COPIES, lambda number: outcomes.mark(message, outcome, gateway="http", provider_id="x1", sheet=TallySheet())
    )
    assert Message.objects.filter(in_place_of=message.pk).count() == 1


def test_looking_first_and_then_marking_would_look_for_another_way_many_times(postgres: str) -> None:
    """The twin without the condition: what the protection is for."""
    message = sent()
    all_have_looked = Barrier(COPIES)

    def naive(number: int) -> None:
        held = Message.objects.get(pk=message.pk)
        all_have_looked.wait(timeout=30)
        if held.undelivered_at is None and held.instead_at is None:
            held.undelivered_at = held.instead_at = timezone.now()
            held.save()
            by_email(held)

    at_once(COPIES, naive)
    assert Message.objects.filter(in_place_of=message.pk).count() == COPIES


def test_good_and_bad_news_at_once_end_as_good_news(postgres: str) -> None:
    news = [Outcome("undelivered"), Outcome("delivered"), Outcome("sent")]
    messages = [sent(provider_id=f"x{number}") for number in range(5)]

    def tell(number: int) -> None:
        for message in messages:
            outcomes.mark(
                message, news[number % 3], gateway="http", provider_id=message.provider_id, sheet=TallySheet()
            )

    at_once(30, tell)
    for message in Message.objects.filter(pk__in=[message.pk for message in messages]):
        assert (message.delivered_at is not None, message.undelivered_at) == (True, None)


def test_a_worker_that_dies_with_a_receipt_leaves_it_to_another(postgres: str) -> None:
    message = sent()
    call_back({"id": "x1", "status": "delivered"})
    Receipt.objects.update(leased_until=timezone.now() + timedelta(seconds=60), tries=1)
    assert not receipts.handle_due(seconds=5)
    Receipt.objects.update(leased_until=timezone.now())  # as if its lease had run out
    receipts.handle_due(seconds=5)
    assert Message.objects.get(pk=message.pk).delivered_at is not None


def test_however_many_ids_come_at_once_their_messages_are_found_by_the_index(postgres: str) -> None:
    ids = [f"x{number}" for number in range(150)]
    plain = Message.objects.filter(gateway="http", provider_id__in=ids)
    with transaction.atomic():
        as_new(Message)
        assert "message_provider" in plan_of(Message.objects.taken_as("http", ids))
        assert "message_provider" not in plan_of(plain), "what it is said for"

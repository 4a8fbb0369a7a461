"""`issue_codes`: telling the holders of waiting cards, nobody twice."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activation.models import ActivationCode, Invitation
from activation.services import issue_codes as service
from activation.tests.factories import issue
from activation.tests.journey import at_identity
from cards.models import Card, CardEvent, Programme
from cards.tests.factories import CardFactory
from messaging.models import Destination, Message
from messaging.tasks import forget_messages

pytestmark = pytest.mark.django_db


def tell(channel: str, **options: Any) -> None:
    call_command("issue_codes", programme="campus", channel=channel, **options)


def test_by_email_goes_a_code_of_12_digits_to_each_waiting_card_with_an_email() -> None:
    cards = CardFactory.create_batch(3)
    CardFactory.create(email="")
    CardFactory.create(state="active")
    tell("email")
    assert set(ActivationCode.objects.values_list("card", flat=True)) == {card.pk for card in cards}
    assert {code.digits for code in ActivationCode.objects.all()} == {12}
    assert set(Message.objects.values_list("subject_id", flat=True)) == {
        code.pk for code in ActivationCode.objects.all()
    }
    assert {(m.kind, m.urgent) for m in Message.objects.all()} == {("activation_code", False)}


@pytest.mark.parametrize("channel", ["email", "letter"])
def test_a_code_is_an_event_of_its_card_written_by_one_statement_a_batch(channel: str) -> None:
    cards = CardFactory.create_batch(3)
    with CaptureQueriesContext(connection) as asked:
        tell(channel)
    kept = CardEvent.objects.values_list("card", "kind", "actor_kind", "actor_id", "channel")
    assert set(kept) == {(card.pk, "code_issued", "issuer", "issue_codes", "SYSTEM") for card in cards}
    assert sum('INTO "cards_cardevent"' in query["sql"] for query in asked) == 1


def test_an_invitation_is_no_event() -> None:
    CardFactory.create()
    tell("sms")
    assert not CardEvent.objects.exists()


def test_by_sms_goes_an_invitation_without_a_code() -> None:
    card = CardFactory.create()
    CardFactory.create(phone="")
    tell("sms")
    message = Message.objects.get()
    assert (message.kind, message.channel, message.subject_id) == ("activation_invitation", "sms", card.pk)
    assert not ActivationCode.objects.exists()


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_run_again_it_tells_nobody_twice(channel: str) -> None:
    CardFactory.create_batch(2)
    tell(channel)
    tell(channel)
    assert Message.objects.count() == 2


def test_a_code_that_expired_is_replaced_the_next_time() -> None:
    CardFactory.create()
    tell("email")
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        tell("email")
    assert Message.objects.count() == ActivationCode.objects.count() == 2


def test_who_is_in_the_journey_or_holds_a_live_code_is_left_alone() -> None:
    at_identity(CardFactory.create())
    issue(CardFactory.create(), "sms")
    before = ActivationCode.objects.count()
    tell("email")
    assert ActivationCode.objects.count() == before
    assert not Message.objects.exists()


def test_limit_tells_so_many_and_the_next_run_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    CardFactory.create_batch(5)
    tell("email", limit=3)
    assert Message.objects.count() == 3
    tell("email")
    assert Message.objects.count() == 5


def test_interrupted_between_batches_it_loses_and_doubles_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    programme = CardFactory.create_batch(5)[0].programme
    batches = service.issue_codes(programme=programme, channel="email")
    assert next(batches) == (2, {})
    batches.close()
    tell("email")
    assert sorted(ActivationCode.objects.values_list("card", flat=True)) == sorted(
        Card.objects.values_list("pk", flat=True)
    )
    assert Message.objects.count() == 5


def test_an_unknown_programme_is_told_with_those_that_exist() -> None:
    CardFactory.create()
    with pytest.raises(CommandError, match=r"There is no programme “bus”. There are: campus"):
        call_command("issue_codes", programme="bus", channel="sms")
    with pytest.raises(CommandError, match="1 or more"):
        tell("sms", limit=0)


@pytest.mark.parametrize(
    ("channel", "told"),
    [
        (
            "sms",
            "3 cardholders told, 2 left.\n"
            "Not told: 2, because their cards have no mobile number. Use another channel for them.\n",
        ),
        (
            "email",
            "3 cardholders told, 3 left.\n"
            "Not told: 1, because their cards have no email address. Use another channel for them.\n",
        ),
        ("letter", "3 cardholders told, 4 left.\n"),
    ],
)
def test_who_has_no_such_contact_is_counted_apart(channel: str, told: str) -> None:
    CardFactory.create_batch(4)
    CardFactory.create_batch(2, phone="")
    CardFactory.create(email="")
    CardFactory.create(phone="", state="active")
    out = StringIO()
    tell(channel, limit=3, stdout=out)
    assert out.getvalue() == told


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        ({"opens_on": datetime(2090, 1, 1, tzinfo=UTC)}, r"opens on 1 Jan 2090, 08:00 \(Asia/Shanghai\)"),
        ({"closes_on": datetime(2026, 1, 1, tzinfo=UTC)}, r"has closed on 1 Jan 2026, 08:00 \(Asia/Shanghai\)"),
    ],
)
@pytest.mark.parametrize("channel", ["sms", "email", "letter"])
def test_a_programme_that_is_not_open_tells_nobody(channel: str, dates: dict[str, Any], sentence: str) -> None:
    card = CardFactory.create()
    Programme.objects.update(**dates)
    with pytest.raises(CommandError, match=sentence):
        tell(channel)
    assert not Message.objects.exists() and not ActivationCode.objects.filter(card=card).exists()


def test_who_was_invited_is_not_invited_again_when_the_message_log_has_forgotten_it() -> None:
    CardFactory.create_batch(2)
    tell("sms")
    Message.objects.update(sent_at=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert forget_messages() == 2
        late = CardFactory.create()
        tell("sms")
        assert Message.objects.get().subject_id == late.pk


def test_another_phone_number_is_invited_too() -> None:
    card = CardFactory.create()
    tell("sms")
    card.phone, card.record_version = "+8613900000000", 2
    card.save()
    tell("sms")
    assert Message.objects.count() == 2
    assert set(Invitation.objects.values_list("contact_index", flat=True)) == set(
        Message.objects.values_list("contact_index", flat=True)
    )


def test_whose_country_is_barred_is_counted_apart_and_invited_once_it_is_allowed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    Destination.objects.create(prefix="+1", allowed=False)
    for phone in ("+8613900000001", "+85291234567", "+14155550100", "+85291234568", "+8613900000002"):
        CardFactory.create(phone=phone)
    tell("sms", limit=2)
    assert capsys.readouterr().out.splitlines() == [
        "2 cardholders told, 0 left.",
        "Not told: 3, because we do not send to +1 (1), +852 (2). Allow that under Destinations first.",
    ]
    assert {message.to_masked[:3] for message in Message.objects.all()} == {"139"}
    assert Invitation.objects.count() == 2
    Destination.objects.create(prefix="+852")
    tell("sms")
    assert capsys.readouterr().out.splitlines() == [
        "2 cardholders told, 0 left.",
        "Not told: 1, because we do not send to +1 (1). Allow that under Destinations first.",
    ]
    assert Message.objects.count() == Invitation.objects.count() == 4
    tell("email")
    assert capsys.readouterr().out.splitlines() == ["5 cardholders told, 0 left."]


def test_destinations_are_looked_up_once_a_batch_however_many_people_it_has() -> None:
    CardFactory.create_batch(5, phone="+85291234567")
    with CaptureQueriesContext(connection) as asked:
        tell("sms")
    assert sum('FROM "messaging_destination"' in query["sql"] for query in asked) <= 2

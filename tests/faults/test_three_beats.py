"""Three beats at once: codes expire once, attempts close once, reminders and notices go out once."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from activation.models import ActivationAttempt, ActivationCode
from activation.tests.journey import PIN, at_identity, at_pin
from cards.models import Card, Programme
from cards.tests.factories import CardFactory, ProgrammeFactory
from demo.carrier.server import Carrier
from messaging.models import Message
from tests.faults.codes import make_codes
from tests.faults.conftest import Note
from tests.faults.touched import touched, touches
from tests.faults.workers import Workers
from tests.protections.story import until
from tests.services.installation import Installation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("postgres")]

HOUR = timedelta(hours=1)
ATTEMPTS = 4
TICKS = 4


@contextmanager
def three_beats(installation: Installation, application: str) -> Iterator[None]:
    with Workers(installation, application), ExitStack() as beats:
        for number in range(3):
            beats.enter_context(installation.beat_of(application, f"beat{number}"))
        yield


def ticks(installation: Installation) -> int:
    """How often the first beat has sent each line of its schedule."""
    return (installation.logs / "beat0").read_text().count("mark stale activation codes")


@pytest.fixture
def programme(transactional_db: None) -> Programme:
    """Where it is about noon, so that people may be reminded."""
    made: Programme = ProgrammeFactory.create(time_zone=f"Etc/GMT{datetime.now(UTC).hour - 12:+d}")
    return made


def stale_codes(count: int) -> None:
    """Codes whose time is over, and that nothing has marked yet."""
    stale = [code.pk for code in make_codes(count)]
    now = timezone.now()
    ActivationCode.objects.filter(pk__in=stale).update(issued_at=now - 3 * HOUR, expires_at=now - HOUR)


def codes_to_be_reminded_of(count: int) -> set[str]:
    """Codes whose half-life was an hour ago; their holders have a phone only."""
    due = [code.pk for code in make_codes(count, email="")]
    now = timezone.now()
    ActivationCode.objects.filter(pk__in=due).update(
        issued_at=now - 13 * HOUR, expires_at=now + 11 * HOUR, remind_at=now - HOUR
    )
    return {f"{pk}" for pk in due}


def reminded() -> Counter[str]:
    """How many reminders of each code were written."""
    reminders = Message.objects.filter(kind="activation_reminder").values_list("subject_id", flat=True)
    return Counter(str(code) for code in reminders)


def all_is_done() -> bool:
    """Whether the sweeps find nothing any more."""
    now = timezone.now()
    return (
        not ActivationCode.objects.stale(now).exists()
        and not ActivationCode.objects.filter(remind_at__lte=now).exists()
        and not ActivationAttempt.objects.stale(now).exists()
        and not ActivationAttempt.objects.awaiting_verdict().exists()
        and not Message.objects.waiting().filter(channel="sms").exists()
    )


def test_with_three_beats_nothing_happens_twice(
    installation: Installation, carrier: Carrier, programme: Programme, note: Note, full: bool
) -> None:
    many = 3000 if full else 300
    submitted: list[Card] = CardFactory.create_batch(ATTEMPTS, programme=programme, email="")
    abandoned: list[Card] = CardFactory.create_batch(ATTEMPTS, programme=programme)
    for card in submitted:
        browser = at_pin(card, "sms")
        browser.fill(pin=PIN, pin2=PIN)
        browser.fill(agree="on")
    for card in abandoned:
        at_identity(card)
    ActivationAttempt.objects.filter(submitted_at=None).update(closes_at=timezone.now() - HOUR)
    Message.objects.all().delete()
    stale_codes(many)
    due = codes_to_be_reminded_of(many)
    with touches(), three_beats(installation, "tests.faults.quick"):
        until(all_is_done, seconds=600 if full else 90)
        enough = ticks(installation) + TICKS
        until(lambda: ticks(installation) >= enough)
        columns = {column: touched(column) for column in ("expired_at", "closed_at", "verdict_at")}
    notices = Counter(call.key for call in carrier.ledger.taken() if call.body["template"] == "card_active")
    note(
        f"{many} codes expired, {many} reminders, {ATTEMPTS} attempts closed, {ATTEMPTS} notices; most often a thing "
        f"happened: {max(max(seen.values()) for seen in (*columns.values(), reminded(), notices))}"
    )
    assert {column: len(seen) for column, seen in columns.items()} == {
        "expired_at": many,
        "closed_at": 2 * ATTEMPTS,
        "verdict_at": ATTEMPTS,
    }
    assert all(set(seen.values()) == {1} for seen in columns.values())
    assert reminded() == Counter(due)
    assert len(notices) == ATTEMPTS and set(notices.values()) == {1}
    assert carrier.ledger.as_json()["duplicates"] == 0


def test_sweeps_that_look_and_then_write_do_it_twice(
    installation: Installation, programme: Programme, note: Note
) -> None:
    """The twin."""
    stale_codes(30)
    codes_to_be_reminded_of(30)
    with touches(), three_beats(installation, "tests.faults.naive_sweeps"):
        until(
            lambda: all(max(seen.values(), default=0) > 1 for seen in (touched("expired_at"), reminded())), seconds=90
        )
        expired = touched("expired_at")
    note(f"expired up to {max(expired.values())} times, reminded up to {max(reminded().values())} times")

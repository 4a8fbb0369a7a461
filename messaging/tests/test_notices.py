"""Staff are told once a cause and window: in the administration, in the log, and by email to their address."""

import logging
from datetime import timedelta

import pytest
from django.conf import settings as real_settings
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from messaging import delivery
from messaging.models import Message, OperationsNotice
from messaging.notices import Cause, remedy, sentence, tell_staff
from vault.tests.concurrency import at_once

OPERATORS = "operators@example.org"


@pytest.fixture
def operators(settings: Settings) -> None:
    settings.OPERATORS_EMAIL, settings.OPERATORS_LANGUAGE = OPERATORS, "en"


def tell(cause: OperationsNotice.Cause = Cause.BUDGET_AN_HOUR, window: str = "12:00") -> bool:
    now = timezone.now()
    return tell_staff(cause, prefix="+86", window=window, at=now, until=now + timedelta(hours=1))


@pytest.mark.django_db
def test_the_operators_get_an_email_that_says_what_happened_and_what_to_do(operators: None) -> None:
    assert tell()
    delivery.deliver_due("email", urgent=True, seconds=10)
    (sent,) = mail.outbox
    assert sent.to == [OPERATORS]
    assert sent.subject.startswith("Card activation: The hourly budget of +86 is used up until ")
    assert "Raise the budget under Destinations." in sent.body
    assert f"{real_settings.PORTAL_URL}/admin/" in sent.body


@pytest.mark.django_db
def test_the_email_is_in_the_operators_language(operators: None, settings: Settings) -> None:
    settings.OPERATORS_LANGUAGE = "zh-hans"
    tell(Cause.TRIPPED)
    delivery.deliver_due("email", urgent=True, seconds=10)
    assert "已停止" in mail.outbox[0].subject


@pytest.mark.django_db
def test_they_are_told_once_a_cause_and_window(operators: None) -> None:
    assert [tell(), tell(), tell(window="13:00"), tell(Cause.BUDGET_A_DAY)] == [True, False, True, True]
    assert Message.objects.count() == OperationsNotice.objects.count() == 3


@pytest.mark.django_db
def test_without_an_address_it_stands_in_the_log_and_in_the_table(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.OPERATORS_EMAIL = ""
    with caplog.at_level(logging.WARNING, "messaging.notices"):
        tell()
    assert "budget_an_hour +86" in caplog.text
    assert OperationsNotice.objects.current(timezone.now()).count() == 1
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_a_message_to_the_operators_names_their_address_masked_only(operators: None) -> None:
    tell()
    assert Message.objects.get().to_masked == "o***@example.org"


@pytest.mark.django_db
def test_when_the_address_is_taken_away_what_waits_is_dropped(operators: None, settings: Settings) -> None:
    tell()
    settings.OPERATORS_EMAIL = ""
    delivery.deliver_due("email", urgent=True, seconds=10)
    assert Message.objects.get().dropped_at is not None and mail.outbox == []


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_has_its_words(cause: OperationsNotice.Cause) -> None:
    notice = OperationsNotice(cause=cause, prefix="+86", until=timezone.now())
    assert sentence(notice).endswith(".") and "%" not in sentence(notice).replace("20%", "")
    assert remedy(notice)


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_tell_them_once(postgres: str, operators: None) -> None:
    assert sum(at_once(10, lambda _number: tell())) == 1
    assert Message.objects.count() == 1

"""What was answered in the journey is forgotten 30 days after its end, and the attempt stays."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from activation.models import ActivationAttempt
from activation.tasks import close_stale_attempts, forget_answers, sweep_attempts
from activation.tests.factories import unsubmitted
from activation.tests.journey import at_wait, the_attempt
from cards.models import Card
from cards.tasks import forget_id_numbers
from cards.tests.factories import CardFactory

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=30, minutes=1)


def test_answers_are_kept_for_30_days_after_the_verdict_and_no_longer() -> None:
    card = CardFactory.create()
    at_wait(card)
    assert sweep_attempts() == 1
    with time_machine.travel(timezone.now() + MONTH - timedelta(minutes=5)):
        assert forget_answers() == 0
        assert the_attempt().identity["id_number"] == card.id_number
    with time_machine.travel(timezone.now() + MONTH):
        assert (forget_answers(), forget_answers()) == (1, 0)
        assert forget_id_numbers() == 1
    attempt = the_attempt()
    assert (attempt.identity, attempt.verdict) == ({}, "passed")
    assert Card.objects.get().id_number_tail == card.id_number[-4:]


def test_answers_of_an_attempt_that_nobody_submitted_go_too() -> None:
    unsubmitted(CardFactory.create(), closes_at=timezone.now() - timedelta(days=40))
    assert forget_answers() == 0, "it is not closed yet"
    assert close_stale_attempts() == 1
    with time_machine.travel(timezone.now() + MONTH):
        assert forget_answers() == 1


def test_an_open_attempt_keeps_its_answers() -> None:
    unsubmitted(CardFactory.create(), closes_at=timezone.now() + timedelta(hours=1))
    with time_machine.travel(timezone.now() + MONTH):
        assert forget_answers() == 0


def test_no_byte_of_an_answer_is_left() -> None:
    at_wait(CardFactory.create())
    sweep_attempts()
    with time_machine.travel(timezone.now() + MONTH):
        forget_answers()
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM activation_activationattempt")
        assert cursor.fetchall() == [(None,)]
    assert ActivationAttempt.objects.count() == 1

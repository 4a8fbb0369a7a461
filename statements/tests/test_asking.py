"""Hosts with a feed are asked in turn, at their rate, without anybody looking: so that alerts come by themselves."""

from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import CardBinding
from cards import issuer_hosts
from cards.models import Programme
from cards.tests.factories import ProgrammeFactory
from messaging.models import Message
from statements import asking
from statements.asking import AGAIN, EVERY, ask_in_turn, take_turns
from statements.models import Alert, Feed, Transaction
from statements.tasks import ask_host, sweep_feeds
from statements.tests.feeding import TellingHost, fed_card, told
from statements.tests.test_alerts import noon
from vault.tests.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> TellingHost:
    telling = TellingHost()
    monkeypatch.setattr(issuer_hosts, "_HOSTS", {**issuer_hosts._HOSTS, telling.name: telling})
    return telling


@pytest.fixture
def programme(host: TellingHost) -> Programme:
    made: Programme = ProgrammeFactory.create(code="fed", issuer_host=host.name)
    return made


def ask(programme: Programme) -> int:
    take_turns()
    return ask_in_turn(programme_id=programme.pk)


def test_an_alert_comes_without_anybody_looking(programme: Programme, host: TellingHost) -> None:
    card = fed_card(programme)
    host.knows = [told(1, noon(), -900_000)]
    assert sweep_feeds() == 1 and ask_host(str(programme.pk)) == 1
    assert Alert.objects.get(transaction__card=card).rule == "amount"
    assert Message.objects.filter(kind="transaction_alert").count() == 2


def test_a_card_is_asked_for_again_after_a_quarter_of_an_hour(programme: Programme, host: TellingHost) -> None:
    fed_card(programme)
    assert (ask(programme), ask(programme)) == (1, 0)
    turn = Feed.objects.get()
    assert timezone.now() < turn.next_try_at <= timezone.now() + EVERY and turn.leased_until is None
    Feed.objects.update(next_try_at=timezone.now())
    assert ask(programme) == 1


def test_only_cards_in_accounts_of_programmes_with_a_feed_have_a_turn(programme: Programme, host: TellingHost) -> None:
    fed_card(ProgrammeFactory.create(code="without"))
    left, stays = fed_card(programme), fed_card(programme)
    take_turns()
    assert Feed.objects.count() == 2
    CardBinding.objects.filter(card=left).update(ended_at=timezone.now() + timedelta(seconds=1))
    assert ask(programme) == 1
    assert host.asked_for == [stays.pk] and Feed.objects.get().card == stays


def test_no_more_are_asked_for_in_a_minute_than_the_host_allows_and_the_others_are_next(
    programme: Programme, host: TellingHost
) -> None:
    host.feed_a_minute = 12
    cards = {fed_card(programme).pk for _n in range(15)}
    assert (ask(programme), ask(programme)) == (12, 0)
    host.feed_a_minute = 20  # as if the minute were over
    assert ask(programme) == 3
    assert len(host.asked_for) == 15 and set(host.asked_for) == cards


def test_who_has_waited_longest_comes_first(programme: Programme, host: TellingHost) -> None:
    cards = [fed_card(programme) for _n in range(3)]
    take_turns()
    for minutes, card in enumerate(cards):
        Feed.objects.filter(card=card).update(next_try_at=timezone.now() - timedelta(minutes=minutes))
    ask(programme)
    assert host.asked_for == [card.pk for card in reversed(cards)]


def test_a_host_that_is_down_is_left_alone_for_a_minute(programme: Programme, host: TellingHost) -> None:
    for _n in range(5):
        fed_card(programme)
    host.down = True
    assert ask(programme) == 0
    assert len(host.asked_for) == 1
    waiting = Feed.objects.filter(leased_until=None, next_try_at__lte=timezone.now() + AGAIN)
    assert waiting.count() == 5
    host.down = False
    waiting.update(next_try_at=timezone.now())
    assert ask(programme) == 5


def test_one_answer_that_makes_no_sense_does_not_hold_up_the_others(
    programme: Programme, host: TellingHost, caplog: pytest.LogCaptureFixture
) -> None:
    fed_card(programme)
    fed_card(programme)
    host.knows = [told(1, noon(), kind="gift", description="given to 13800138000")]
    assert ask(programme) == 2
    assert Transaction.objects.count() == 0
    assert "IntegrityError" in caplog.text and "13800138000" not in caplog.text


def test_one_programmes_slow_host_does_not_take_anothers_turn(host: TellingHost, programme: Programme) -> None:
    other = ProgrammeFactory.create(code="other", issuer_host=host.name)
    fed_card(programme), fed_card(other)
    assert ask(programme) == 1
    assert ask(other) == 1


def test_workers_at_once_ask_for_each_card_once(postgres: str, programme: Programme, host: TellingHost) -> None:
    for _n in range(20):
        fed_card(programme)
    take_turns()
    assert sum(at_once(3, lambda _n: ask_in_turn(programme_id=programme.pk))) == 20
    assert len(set(host.asked_for)) == len(host.asked_for) == 20


def test_looking_whose_turn_it_is_and_then_asking_would_ask_twice(
    postgres: str, programme: Programme, host: TellingHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    fed_card(programme)
    take_turns()
    both_looked = Barrier(2)

    def look(queryset: Any, **_limits: Any) -> list[Feed]:
        found = list(queryset.filter(next_try_at__lte=timezone.now()))
        both_looked.wait(30)
        return found

    monkeypatch.setattr(asking, "claim_rows", look)
    at_once(2, lambda _n: ask_in_turn(programme_id=programme.pk))
    assert len(host.asked_for) == 2

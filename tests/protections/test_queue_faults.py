"""Real processes: the sweep marks what has expired, and without Redis the pages go on and messages go out later."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest

from accounts.models import CodeRequest
from cards.models import Card
from cards.one_time_codes import OneTimeCode
from cards.tests.factories import CardFactory
from tests.protections.conftest import database_url
from tests.protections.doors import ALL_CODES, DOORS, let_expire
from tests.protections.story import until
from tests.services.installation import Installation
from tests.services.redis import RedisServer
from tests.services.sms import SmsGateway
from tests.services.visitor import Answer, Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("postgres", "with_its_keys")]

QUICK_BEAT = "tests.protections.quick_beat"
SLOWEST = 2.0
"""Seconds that a page may take, whatever Redis does."""


@pytest.fixture
def installation(
    django_db_setup: None,
    production_code: Path,
    redis_server: RedisServer,
    sms_gateway: SmsGateway,
    tmp_path: Path,
) -> Iterator[Installation]:
    told = {"DATABASE_URL": database_url(), "REDIS_URL": redis_server.url, "SMS_URL": sms_gateway.url}
    with Installation(production_code, tmp_path, **told) as installation:
        yield installation


def test_the_sweep_of_a_real_worker_marks_what_the_clock_has_ended(installation: Installation) -> None:
    for door in DOORS.values():
        door()
    for codes in ALL_CODES:
        assert codes._default_manager.filter(expired_at=None).exists()
        let_expire(codes)
    with installation.worker, installation.beat_of(QUICK_BEAT):
        for codes in ALL_CODES:
            until(partial(all_marked, codes))
            assert codes._default_manager.filter(expired_at__isnull=False).exists()


def all_marked(codes: type[OneTimeCode]) -> bool:
    """Whether no row waits for the sweep; a code reserved by an open attempt is good, and is not of these."""
    waiting = codes._default_manager.filter(expired_at=None, consumed_at=None, superseded_at=None, reserved_until=None)
    return not waiting.exists()


@pytest.mark.parametrize("fault", [RedisServer.down, RedisServer.frozen])
def test_without_redis_the_pages_go_on_and_the_messages_go_out_when_it_is_back(
    installation: Installation,
    redis_server: RedisServer,
    sms_gateway: SmsGateway,
    fault: Callable[[RedisServer], AbstractContextManager[None]],
) -> None:
    cards: list[Card] = [CardFactory.create() for _card in range(3)]
    with installation.worker, installation.beat_of(QUICK_BEAT), installation.web:
        with fault(redis_server):
            for number, card in enumerate(cards):
                visitor = Visitor(installation.web.port, address=f"10.{number}.0.1")
                quick(partial(visitor.open, "/code/new/"))
                asked = quick(partial(visitor.fill, card_number=card.number, contact=card.phone))
                assert "Check your messages" in asked.text
                assert quick(partial(visitor.open, "/account/sign-in/")).status == 200
            assert CodeRequest.objects.count() == len(cards)
            assert sms_gateway.sent() == []
        until(lambda: len(sms_gateway.sent()) == len(cards))
        assert {body["to"] for body in sms_gateway.sent()} == {card.phone for card in cards}
        time.sleep(2)  # the sweep and the lost hints find nothing that is left
        assert len(sms_gateway.sent()) == len(cards)


def quick(ask: Callable[[], Answer]) -> Answer:
    """The answer, with all its redirects within the time."""
    start = time.monotonic()
    answer = ask()
    assert time.monotonic() - start < SLOWEST
    return answer

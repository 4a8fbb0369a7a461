"""Looking for another way for what failed: one that cannot be replaced keeps no other waiting."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from messaging import instead, kinds
from messaging.models import Message
from messaging.tests.factories import make_message, make_messages
from messaging.tests.secrets import contact_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def replaced(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """What went another way; a message in English trips its kind."""
    found: list[Message] = []

    def way(message: Message) -> bool:
        if message.language == "en":
            raise RuntimeError
        found.append(message)
        return True

    monkeypatch.setitem(kinds._KINDS, "contact_code", kinds.Kind("contact_code", contact_code, instead=way))
    return found


def test_a_whole_batch_that_cannot_be_replaced_keeps_no_other_waiting(
    replaced: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instead, "BATCH", 3)
    make_messages(3, dead_at=timezone.now())
    now = timezone.now()
    others = make_messages(4, dead_at=now, language="zh-hans", deadline=now + timedelta(minutes=20))
    assert instead.look_for_other_ways() == 4
    assert set(replaced) == set(others)
    assert Message.objects.unreplaced(now).count() == 3, "they are looked at again"


def test_the_most_pressing_come_first_and_the_next_call_goes_on(replaced: list[Message]) -> None:
    now = timezone.now()
    late = make_message(dead_at=now, language="zh-hans", deadline=now + timedelta(minutes=9))
    soon = make_message(dead_at=now, language="zh-hans", deadline=now + timedelta(minutes=1))
    assert instead.look_for_other_ways(seconds=0) == 1
    assert replaced == [soon]
    instead.look_for_other_ways()
    assert replaced == [soon, late]


@pytest.mark.parametrize(
    ("minutes", "values", "goes"),
    [
        (4, {}, False),
        (6, {}, True),
        (11, {}, False),
        (6, {"urgent": False}, False),
        (6, {"sent_at": timezone.now()}, False),
        (6, {"dropped_at": timezone.now()}, False),
    ],
    ids=["young", "half of its time over", "too late", "nobody waits", "taken", "no longer wanted"],
)
def test_what_no_gateway_takes_for_half_of_its_time_goes_another_way_once(
    replaced: list[Message], minutes: int, values: dict[str, Any], goes: bool
) -> None:
    message = make_message(language="zh-hans", **values)
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        instead.look_for_other_ways()
        instead.look_for_other_ways()
    assert replaced == ([message] if goes else [])

"""The catalogue says every message of pages.md, in the language and zone of the page."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from pages.catalogue import MESSAGES, Refusal, say

MOMENT = datetime(2026, 11, 23, 12, 44, 30, tzinfo=UTC)  # 20:44:30 in Shanghai
VALUES: dict[str, Any] = {"n": 3, "m": 6, "c": "%", "d": "1", "time": MOMENT, "to": "138 **** 8000", "doc": "passport"}

OWN_VALUES: dict[str, dict[str, Any]] = {"E09": {"t": 2}, "E26": {"host": "qq.com"}, "E36c": {"phone": "400"}}


@pytest.mark.parametrize("message_id", MESSAGES)
def test_every_message_can_be_said(message_id: str) -> None:
    values = VALUES | OWN_VALUES.get(message_id, {})
    words = str(say(message_id, **values))
    assert words
    assert "%(" not in words
    assert str(Refusal(message_id, **values).messages[0]) == words, "a % in what was typed is no placeholder"


def test_an_unknown_message_is_told_at_once() -> None:
    with pytest.raises(KeyError):
        say("E999")


def test_singular_and_plural_differ() -> None:
    assert [str(say("S1", n=n)) for n in (1, 2)] == ["There is 1 problem", "There are 2 problems"]
    assert [str(say("E09", t=t)) for t in (1, 2)] == ["You have 1 try left", "You have 2 tries left"]


@pytest.mark.parametrize(("left", "told"), [(4, False), (3, True), (1, True)])
def test_tries_left_are_told_from_three_on(left: int, told: bool) -> None:
    assert ("left" in str(say("E33", t=left))) is told


@time_machine.travel(MOMENT, tick=False)
def test_the_end_of_a_wait_is_never_told_too_early() -> None:
    with timezone.override("Asia/Shanghai"):
        assert str(say("E07", time=MOMENT)) == "Too many tries. Try again after 20:45"
        assert str(say("N2", time=MOMENT)) == "You can send again after 20:44:30"
        assert str(say("E08", to="x", time=MOMENT)).endswith("at 20:44")
    with timezone.override("Europe/Berlin"):
        assert str(say("E07", time=MOMENT)).endswith("13:45")


@time_machine.travel(datetime(2026, 11, 23, 17, 0, tzinfo=UTC), tick=False)  # the next day in Shanghai
def test_another_day_is_named() -> None:
    with timezone.override("Asia/Shanghai"):
        assert str(say("E07", time=MOMENT)) == "Too many tries. Try again after 23 Nov, 20:45"


def test_words_are_chosen_when_they_are_shown() -> None:
    later = say("E17", doc="passport")
    with translation.override("en"):
        assert str(later) == "Passport number must be between 5 and 20 letters or numbers"
    with translation.override("de"):
        assert str(MESSAGES["S2"]) == str(say("S2"))


@time_machine.travel(MOMENT, tick=False)
def test_an_expired_code_names_the_day_not_the_time() -> None:
    assert str(say("E06", d=MOMENT)) == "This activation code expired on 23 November"


def test_markup_in_a_sentence_stays_markup_and_nothing_else_becomes_it() -> None:
    for message_id in MESSAGES:
        words = str(say(message_id, **VALUES | OWN_VALUES.get(message_id, {})))
        markup = r'<bdi class="nb" dir="ltr">(qq.com|400)</bdi>'
        assert not set("<>&") & set(re.sub(markup, "", words))
    words = str(say("E08", to=SafeString("<bdi>1</bdi>"), time="<20:45>"))
    assert isinstance(words, SafeString)
    assert words.endswith("was sent to <bdi>1</bdi> at &lt;20:45&gt;")
    assert not isinstance(str(say("E08", to="<b>", time="")), SafeString)

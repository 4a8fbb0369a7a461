"""Every message of the catalogue is told by a real request, in both languages."""

import html
import re
from typing import Any

import pytest
from django.utils import translation

from activation.tests.browser import Browser
from pages.catalogue import MESSAGES, say
from tests.browser.mistakes import WALKS

VALUES: dict[str, dict[str, Any]] = {
    "S1": {"n": 1},
    "E09": {"t": 3},
    "E16": {"doc": "passport"},
    "E17": {"doc": "passport"},
}
"""Where the words themselves depend on a value."""


def told(message_id: str, language: str) -> re.Pattern[str]:
    """The sentence of an id, whatever its other values are."""
    with translation.override(language):
        known = VALUES.get(message_id)
        words = str(say(message_id, **known) if known else MESSAGES[message_id])
    return re.compile(re.sub(r"%\\\((\w+)\\\)[sd]", ".+?", re.escape(words.strip())), re.IGNORECASE)


def words_of(browser: Browser) -> str:
    text = re.sub(r"<script.*?</script>|<[^>]+>", "", browser.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(text))


def test_every_message_has_its_walk() -> None:
    assert WALKS.keys() == MESSAGES.keys()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("message_id", WALKS)
def test_message_is_told_by_a_real_request(message_id: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Browser, "speaks", language)
    browser = WALKS[message_id]()
    assert told(message_id, language).search(words_of(browser)), words_of(browser)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_page_without_a_mistake_tells_no_message(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the test above leans on: its patterns do not match just anything."""
    monkeypatch.setattr(Browser, "speaks", language)
    browser = Browser()
    browser.open("/activate/enter-code/")
    found = [message_id for message_id in WALKS if told(message_id, language).search(words_of(browser))]
    assert found == []

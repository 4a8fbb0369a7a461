"""Each page in both languages, as it is and with mistakes: axe-core finds nothing, and the rules of the pages hold.

Chinese is looked at in light colours and large print, English in dark ones and standard print, so that every page is
seen in all of them at half the time.
"""

from typing import Any

import pytest
from django.utils import translation
from playwright.sync_api import Page

from pages.catalogue import say
from tests.browser.conftest import Show, send
from tests.browser.looking import axe, reflow, rules, untranslated
from tests.browser.pages import PLACES, Place, place_named

LOOK: dict[str, dict[str, Any]] = {
    "zh-hans": {"color_scheme": "light", "big": True},
    "en": {"color_scheme": "dark", "big": False},
}


def complaints(page: Page, language: str, **asked: bool) -> list[str]:
    return axe(page) + rules(page, big=LOOK[language]["big"], **asked) + untranslated(page, language)


@pytest.mark.parametrize("language", LOOK)
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_page_is_accessible_and_keeps_the_rules(show: Show, place: Place, language: str) -> None:
    page = show(place, language, **LOOK[language])
    assert complaints(page, language) == []
    if place.wrong is not None:
        send(page, place)
        with translation.override(language):
            assert page.title().startswith(str(say("S2")))
        assert page.evaluate("document.activeElement.id") == "errors"
        assert complaints(page, language, wrong=True) == []
    assert reflow(page) == []


@pytest.mark.parametrize("name", ["start of a programme", "enter code", "choose pin", "submit", "done", "my cards"])
def test_standard_print_in_light_colours_is_accessible_too(show: Show, name: str) -> None:
    page = show(place_named(name), "zh-hans", color_scheme="light")
    assert axe(page) + rules(page) == []


def break_label(page: Page) -> None:
    page.evaluate("document.querySelector('label').remove()")


def break_target(page: Page) -> None:
    page.evaluate("document.querySelector('main .btn').style.minHeight = '2rem'")
    page.evaluate("document.querySelector('main .btn').style.padding = 0")


def break_field(page: Page) -> None:
    page.evaluate("document.querySelector('#id_code').setAttribute('aria-describedby', 'nothing')")
    page.evaluate("document.querySelector('#id_code').required = true")
    page.evaluate("document.querySelector('#id_code').style.borderColor = '#eee'")


@pytest.mark.parametrize(
    ("breaking", "rule"),
    [
        (break_label, "label: #id_card_number"),
        (break_target, "T9: button"),
        (break_field, "T4: aria-describedby=nothing"),
        (break_field, "T5: input#id_code"),
        (break_field, "T10: input#id_code"),
        (lambda page: page.evaluate("document.querySelector('h1').append('8000 1234')"), "T12: 8000 1234"),
        (lambda page: page.evaluate("document.querySelector('h1').style.width = '900px'"), "320 px: scrolls"),
    ],
)
def test_what_is_broken_is_found(show: Show, breaking: Any, rule: str) -> None:
    """What the other tests lean on."""
    page = show(place_named("enter code"), "en", color_scheme="light")
    breaking(page)
    found = axe(page) + rules(page) + reflow(page)
    assert any(words.startswith(rule) for words in found), found

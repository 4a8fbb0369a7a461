"""Each page in both languages, as it is and with mistakes, in light and dark colours, in both sizes of print: axe-core
finds nothing, the rules of the pages hold, and it reads to a screen reader as a person has reviewed it.

A page is brought up once for all of that: what brings a browser there costs more than looking.
"""

from typing import Any

import pytest
from django.utils import translation
from playwright.sync_api import Page

from pages.catalogue import say
from tests.browser.conftest import Show, send
from tests.browser.looking import in_large_print, mirrored, reflow, rules, seen_in_each_colour, untranslated
from tests.browser.pages import PLACES, Place, place_named
from tests.browser.reading import WHOLE, heard, reviewed


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_page_is_accessible_and_keeps_the_rules(show: Show, phone: Page, place: Place, language: str) -> None:
    page = show(place, language, phone)
    said = heard(page, WHOLE[language])
    assert untranslated(page, language) + seen_in_each_colour(page) == []
    if place.wrong is not None:
        with in_large_print(page):
            assert rules(page, big=True) == []
        send(page, place)
        with translation.override(language):
            assert page.title().startswith(str(say("S2")))
        assert page.evaluate("document.activeElement.id") == "errors"
        said += "\n" + heard(page, "main")
        assert untranslated(page, language) + seen_in_each_colour(page, wrong=True) == []
    with in_large_print(page):
        assert rules(page, big=True) + reflow(page) + mirrored(page) == []
    assert said == reviewed(place.name, language, said)


def break_label(page: Page) -> None:
    page.evaluate("document.querySelector('label').remove()")


def break_target(page: Page) -> None:
    page.evaluate("document.querySelector('main .btn').style.minHeight = '2rem'")
    page.evaluate("document.querySelector('main .btn').style.padding = 0")


def break_field(page: Page) -> None:
    page.evaluate("document.querySelector('#id_code').setAttribute('aria-describedby', 'nothing')")
    page.evaluate("document.querySelector('#id_code').required = true")
    page.evaluate("document.querySelector('#id_code').style.borderColor = '#eee'")


def break_colour(page: Page) -> None:
    """Good on white only."""
    page.evaluate("document.querySelector('.hint').style.color = '#4a5560'")


def break_number(page: Page) -> None:
    """The example of a code, without what keeps it from left to right."""
    page.evaluate("document.querySelector('bdi').replaceWith('7391 0264 8853')")


@pytest.mark.parametrize(
    ("breaking", "rule"),
    [
        (break_label, "light: label: #id_card_number"),
        (break_target, "light: T9: button"),
        (break_field, "light: T4: aria-describedby=nothing"),
        (break_field, "light: T5: input#id_code"),
        (break_field, "light: T10: input#id_code"),
        (break_colour, "dark: color-contrast: #id_card_number_helptext"),
        (break_number, "light: T12: 7391 0264 8853"),
        (break_number, "T12: reversed: 7391 0264 8853"),
        (lambda page: page.evaluate("document.querySelector('h1').append('138 **** 8000')"), "light: T12: 138 ****"),
        (lambda page: page.evaluate("document.querySelector('#id_code').dir = ''"), "T12: id_code is typed"),
        (lambda page: page.evaluate("document.querySelector('h1').style.width = '900px'"), "320 px: scrolls"),
        (lambda page: page.evaluate("document.querySelector('h1').style.marginLeft = '-9rem'"), "turned: sticks out"),
    ],
)
def test_what_is_broken_is_found(show: Show, phone: Page, breaking: Any, rule: str) -> None:
    """What the other tests lean on."""
    page = show(place_named("enter code"), "en", phone)
    breaking(page)
    found = seen_in_each_colour(page) + reflow(page) + mirrored(page)
    assert any(words.startswith(rule) for words in found), found

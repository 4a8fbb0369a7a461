"""What leaves a printer when the check page, the done page or the summary of a card is printed: one A4 page, and
nothing that is secret."""

import pytest
from playwright.sync_api import Page

from activation.models import ActivationCode
from activation.tests.journey import PIN
from cards.models import Card
from tests.browser.conftest import Show
from tests.browser.pages import place_named
from tests.browser.printed import pages, words

PALE = """() => [...document.querySelectorAll('main *')].filter(e => e.checkVisibility() && !e.closest('.vh')
  && getComputedStyle(e).color.match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + +part, 0) > 450)
  .map(e => e.outerHTML.slice(0, 80))"""


def secrets() -> dict[str, str]:
    card = Card.objects.get()
    kept = {name: str(getattr(card, name)) for name in ("number", "holder_name", "id_number", "email")}
    kept |= {f"code {code.pk}": code.derive() for code in ActivationCode.objects.all()}
    return kept | {"phone": card.phone.removeprefix("+86"), "pin": PIN}


def shown(pdf: bytes) -> list[str]:
    said = words(pdf)
    return [name for name, value in secrets().items() if value in said]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize(
    ("name", "masks"),
    [
        ("submit", ["2604", "1********2"]),
        ("done", ["2604", "138****8000"]),
        ("card summary", ["2604", "*小明", "400-000-0000"]),
    ],
)
def test_print_is_one_page_without_secrets(show: Show, name: str, masks: list[str], big: bool, language: str) -> None:
    pdf = show(place_named(name), language, big=big, color_scheme="dark").pdf(format="A4")
    assert pages(pdf) == 1
    assert shown(pdf) == []
    assert [mask for mask in masks if mask not in words(pdf)] == []


@pytest.mark.parametrize("name", ["submit", "done", "card summary"])
def test_print_is_dark_on_white_for_who_reads_light_on_dark(show: Show, name: str) -> None:
    page = show(place_named(name), "en", color_scheme="dark")
    assert page.evaluate(PALE) != []
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(PALE) == []
    for hidden in ("nav", ".ft", ".btn", ".tap"):
        assert page.locator(hidden).locator("visible=true").count() == 0, hidden


def plant(page: Page) -> None:
    card = Card.objects.get()
    page.evaluate("words => document.querySelector('h1').append(words)", f"{card.id_number} {PIN} {card.email}")


def test_what_is_printed_would_be_found(show: Show) -> None:
    """What the tests above lean on: the reader of PDFs reads, and counts."""
    page = show(place_named("done"), "en")
    plant(page)
    assert shown(page.pdf(format="A4")) == ["id_number", "email", "pin"]
    page.evaluate("document.querySelector('h1').style.marginBottom = '1500px'")
    assert pages(page.pdf(format="A4")) == 2

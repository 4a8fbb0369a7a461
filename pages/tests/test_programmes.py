"""White label: the programme of a host name or of the first part of the path gives the page its names and colours."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from cards.tests.factories import ProgrammeFactory
from pages.tests.dom import dom
from pages.theme import colours, contrast, style_sheet

pytestmark = [pytest.mark.django_db, pytest.mark.urls("pages.tests.sample")]

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


def test_without_a_programme_the_page_is_plain(client: Client) -> None:
    page = dom(client.get("/sample/").content)
    assert page.one("span", class_="brand").text == "Card activation"
    assert not [link for link in page.all("link") if "/theme/" in str(link.attrs["href"])]


def test_the_first_part_of_the_path_names_the_programme_and_is_carried_on(client: Client) -> None:
    ProgrammeFactory.create(code="campus")
    page = dom(client.get("/campus/sample/").content)
    assert page.one("span", class_="brand").text == "Campus card activation Example University"
    assert page.by_id("step").attrs["action"] == "/campus/sample/"
    assert page.one("footer").all("a")[0].attrs["href"] == "/campus/lost/"
    assert "400-000-0000" in page.one("footer").text
    answer = client.post("/campus/sample/", {"card_number": "6200000000000007", "code": "123456"})
    assert answer["Location"] == "/campus/help/"
    assert reverse("pages:help") == "/help/", "the prefix does not leak into the next request"


def test_the_programme_s_rules_reach_the_form(client: Client) -> None:
    ProgrammeFactory.create(code="bank", number_length=19)
    answer = client.post("/bank/sample/", {"card_number": "6200", "code": "123456"})
    assert "Card number must be 19 digits, you entered 4" in client.get(answer["Location"]).content.decode()


def test_a_host_name_names_the_programme(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["card.example.org", "testserver"]
    ProgrammeFactory.create(code="campus", host_name="card.example.org")
    page = dom(client.get("/sample/", headers={"host": "card.example.org:8000"}).content)
    assert page.one("span", class_="brand").text.startswith("Campus card")
    assert page.by_id("step").attrs["action"] == "/sample/"


def test_an_unknown_first_part_is_no_page(client: Client) -> None:
    assert client.get("/nobody/sample/").status_code == 404


def test_our_own_addresses_never_name_a_programme(client: Client) -> None:
    ProgrammeFactory.create(code="help")
    assert dom(client.get("/help/").content).one("h1").text == "Help with your card"


def test_a_foreign_host_is_refused(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["card.example.org"]
    assert client.get("/help/", headers={"host": "evil.example"}).status_code == 400


def test_the_theme_is_small_kept_for_ever_and_changes_its_address_with_the_colour(client: Client) -> None:
    programme = ProgrammeFactory.create(code="campus", brand_colour="#7a1f2b", logo_svg=LOGO)
    hrefs = [str(link.attrs["href"]) for link in dom(client.get("/campus/help/").content).all("link")]
    theme, logo = (next(href for href in hrefs if href.endswith(end)) for end in (".css", ".svg") if end)
    theme = next(href for href in hrefs if "/theme/" in href and href.endswith(".css"))
    answer = client.get(theme)
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer["Cache-Control"]
    assert len(answer.content) < 250
    assert b"--brand:#7a1f2b" in answer.content
    answer = client.get(logo)
    assert (answer["Content-Type"], answer.content.decode()) == ("image/svg+xml", LOGO)
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    programme.brand_colour = "#005500"
    programme.save()
    assert theme not in client.get("/campus/help/").content.decode()
    assert "immutable" not in client.get(theme)["Cache-Control"]


def test_a_programme_without_a_logo_has_none_to_serve(client: Client) -> None:
    ProgrammeFactory.create(code="campus")
    assert client.get("/theme/campus-12345678.svg").status_code == 404
    assert client.get("/theme/nobody-12345678.css").status_code == 404


@pytest.mark.parametrize(
    "brand", ["#0b5cad", "#7a1f2b", "#ffd34d", "#ffffff", "#000000", "#767676", "#7f7f7f", "#00ff00", "#ff0000"]
)
def test_every_brand_colour_gives_readable_pages(brand: str) -> None:
    found = colours(brand)
    assert contrast(brand, found["on_brand"]) >= 4.5
    for paper in ("#ffffff", "#f2f5f8"):
        assert contrast(found["link"], paper) >= 4.5
    for paper in ("#12171c", "#1c242b"):
        assert contrast(found["link_dark"], paper) >= 4.5
    assert found["link"] in style_sheet(brand)


def test_contrast_is_wcag_s() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)

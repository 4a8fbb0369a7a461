"""The pages for everyone (P21), the error pages (P22), and what each page is served with."""

import gzip
import secrets
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from cards.tests.factories import ProgrammeFactory
from pages.tests.dom import dom

pytestmark = [pytest.mark.django_db, pytest.mark.urls("pages.tests.sample")]

STANDING = ["/help/", "/privacy/", "/accessibility/", "/terms/"]


@pytest.mark.parametrize("address", STANDING)
def test_standing_pages_have_content_and_the_programme_s_hotline(client: Client, address: str) -> None:
    ProgrammeFactory.create(code="campus")
    page = dom(client.get(f"/campus{address}").content)
    assert len(page.one("main").text) > 600
    assert page.one("title").text == f"{page.one('h1').text} - Campus card activation"
    assert page.one("main").one("bdi", dir="ltr").text == "400-000-0000"


@pytest.mark.parametrize("address", [*STANDING, "/sample/", "/every/", "/nowhere/", "/limited/"])
def test_every_page_is_well_formed_and_holds_nothing_inline(client: Client, address: str) -> None:
    answer = client.get(address)
    page = dom(answer.content)
    for element in page.all():
        assert not [name for name in element.attrs if name == "style" or name.startswith("on")]
        assert element.tag != "style"
        assert element.tag != "script" or element.attrs["src"]
    assert not page.all("meta", http_equiv="refresh")
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_pages_with_personal_data_are_not_kept_by_browsers(client: Client) -> None:
    for address in ("/sample/", "/plain/", "/nowhere/"):
        assert "no-store" in client.get(address)["Cache-Control"]
    assert "no-store" in client.post("/sample/", {})["Cache-Control"]
    assert "Cache-Control" not in client.get("/help/")


@pytest.mark.parametrize(
    ("address", "status", "title"),
    [("/nowhere/", 404, "Page not found"), ("/limited/", 429, "Try again later")],
)
def test_error_pages_say_what_to_do(client: Client, address: str, status: int, title: str) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert dom(answer.content).one("h1").text == title


def test_a_form_without_its_token_is_explained(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = strict.post("/sample/", {"code": "1"})
    page = dom(answer.content)
    assert (answer.status_code, page.one("h1").text) == (403, "This page was open for too long")
    assert page.one("a", class_="btn").attrs["href"] == "/sample/"


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_the_broken_and_closed_pages_are_plain_html_in_both_languages(name: str) -> None:
    html = (Path(settings.BASE_DIR) / "templates" / name).read_text()
    assert len(html.encode()) <= 5 * 1024
    assert "{" not in html, "no template engine"
    page = dom(html)
    assert page.one("html").attrs["lang"] == "zh-CN"
    assert page.one("div", lang="en").text


@pytest.mark.parametrize(("number", "status"), [("6200000000000008", 500), ("6200000000000006", 503)])
def test_a_broken_server_says_so_in_both_languages(client: Client, number: str, status: int) -> None:
    client.raise_request_exception = False
    answer = client.post("/sample/", {"card_number": number, "code": "123456"})
    assert answer.status_code == status
    assert answer.content == (Path(settings.BASE_DIR) / "templates" / f"{status}.html").read_bytes()


def test_the_first_page_fits_one_tcp_window_and_the_next_is_small(client: Client, tmp_path: Path) -> None:
    drawing = "".join(secrets.choice("0123456789 ") for _ in range(3900))
    ProgrammeFactory.create(
        code="campus", logo_svg=f'<svg xmlns="http://www.w3.org/2000/svg"><path d="{drawing}"/></svg>'
    )
    client.get("/campus/sample/")
    answer = client.get("/campus/sample/", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    page = dom(gzip.decompress(answer.content))
    wanted = {str(link.attrs["href"]) for link in page.all("link")} | {str(s.attrs["src"]) for s in page.all("script")}
    wanted |= {str(image.attrs["src"]) for image in page.all("img")}
    assert len(wanted) + 1 <= 5
    static = {path for path in wanted if path.startswith("/static/")}
    assert static == {"/static/portal.css", "/static/portal.js"}
    size = {path: len(gzip.compress((settings.BASE_DIR / path.removeprefix("/")).read_bytes())) for path in static}
    assert size["/static/portal.css"] <= 6 * 1024
    assert size["/static/portal.js"] <= 3 * 1024
    headers = 5 * 700
    rest = sum(len(client.get(path, headers={"accept-encoding": "gzip"}).content) for path in wanted - static)
    assert len(answer.content) + sum(size.values()) + rest + headers <= 14 * 1024
    assert len(answer.content) + 700 <= 4 * 1024


def test_static_files_get_hashed_names_and_are_compressed_beforehand(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {"staticfiles": {"BACKEND": "pages.static_files.StaticFiles"}}
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    call_command("collectstatic", verbosity=0, interactive=False)
    names = {path.name for path in tmp_path.iterdir()}
    hashed = [name for name in names if name.startswith("portal.") and name.endswith(".css") and name != "portal.css"]
    assert len(hashed) == 1
    assert {f"{hashed[0]}.br", f"{hashed[0]}.gz"} <= names

"""The journeys through a statement and through alerts, in Chromium, with JavaScript and without."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from cards.models import Card
from statements.models import Alert, AlertSettings
from tests.browser.conftest import Show
from tests.browser.pages import place_named
from tests.browser.pressing import press

WORDS = {
    "en": {"show": "Show", "next": "Next page", "previous": "Previous page", "read": "Mark all as read"},
    "zh-hans": {"show": "查看", "next": "下一页", "previous": "上一页", "read": "全部标为已读"},
}
both = pytest.mark.parametrize(("language", "scripts"), [("zh-hans", True), ("en", False)])


def rows(page: Page) -> list[str]:
    """The amounts of the rows, as a screen reader meets them."""
    return [row.get_by_role("cell").last.inner_text() for row in page.get_by_role("row").all()[1:]]


@both
def test_a_statement_is_filtered_leafed_through_and_downloaded(
    show: Show, language: str, scripts: bool, tmp_path: Path
) -> None:
    words = WORDS[language]
    page = show(place_named("statement"), language, java_script_enabled=scripts, accept_downloads=True)
    assert len(rows(page)) == 20
    press(page.get_by_role("link", name=words["next"]))
    press(page.get_by_role("link", name=words["next"]))
    assert len(rows(page)) == 6
    press(page.get_by_role("link", name=words["previous"]))
    assert len(rows(page)) == 20
    page.locator("#id_month").select_option("2026-02")
    press(page.get_by_role("button", name=words["show"], exact=True))
    assert "2026-02" in page.url and len(rows(page)) == 1 and "HK$" in rows(page)[0]
    page.locator("#id_month").select_option("all")
    page.locator("#id_show").select_option("in")
    press(page.get_by_role("button", name=words["show"], exact=True))
    assert len(rows(page)) == 1 and "500.00" in rows(page)[0]
    with page.expect_download() as download:
        page.locator("a[href*='/download/']").click()
    file = tmp_path / "statement.csv"
    download.value.save_as(file)
    header, row = csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline=""))
    assert row[4:7] == ["500.00", "", "CNY"] and len(header) == len(row)


@pytest.mark.parametrize(("width", "display"), [(390, "block"), (800, "table-row")])
def test_on_a_narrow_screen_rows_become_blocks_and_stay_rows_to_a_screen_reader(
    show: Show, width: int, display: str
) -> None:
    page = show(place_named("statement"), "en", viewport={"width": width, "height": 800})
    first = page.locator("tbody tr").first
    assert first.evaluate("row => getComputedStyle(row).display") == display
    assert page.get_by_role("table").count() == 1 and page.get_by_role("columnheader").count() == 3
    assert page.get_by_role("row").count() == 21 and page.get_by_role("cell").count() == 60
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_without_styles_the_statement_reads_in_order(show: Show) -> None:
    page = show(place_named("statement"), "en")
    page.evaluate("document.querySelectorAll('link[rel=stylesheet]').forEach((sheet) => sheet.remove())")
    text = page.locator("main").inner_text()
    places = [text.index(words) for words in ("Transactions", "Month", "Money in", "Time")]
    assert places == sorted(places) and "Money out" in text


@both
def test_alerts_are_read_and_tuned(show: Show, language: str, scripts: bool) -> None:
    page = show(place_named("alerts"), language, java_script_enabled=scripts)
    assert page.locator("main section").count() == 3 and page.locator(".tag.stop").count() == 2
    press(page.get_by_role("button", name=WORDS[language]["read"]))
    assert page.get_by_role("status").count() == 1 and page.locator(".tag.stop").count() == 0
    assert not Alert.objects.unread().exists()
    press(page.locator("a[href='/alerts/settings/']"))
    page.locator("[name=limit]").fill("88.5")
    page.locator("[name=amount][value=sms]").uncheck()
    page.locator("[name=first][value=page]").uncheck()
    press(page.locator("#step .btn[type=submit]"))
    page.get_by_role("status").wait_for()
    kept: Any = AlertSettings.objects.get()
    assert (kept.limit, kept.told["amount"], kept.told["first"]) == (8850, ["page", "email"], [])


@both
def test_the_way_from_my_cards_to_an_alert_and_its_statement(show: Show, language: str, scripts: bool) -> None:
    page = show(place_named("alerts"), language, java_script_enabled=scripts)
    page.goto(page.url.replace("/alerts/", "/cards/"))
    press(page.locator("main a[href='/alerts/']"))
    press(page.locator("main section a[href*='/transactions/']").first)
    assert "month=" in page.url and len(rows(page)) >= 1
    page.go_back()
    press(page.locator("main section form[action$='/lost/'] button").first)
    page.wait_for_url("**/lost/done/")
    assert Card.objects.filter(state="suspended").count() == 1

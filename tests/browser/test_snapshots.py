"""What a screen reader would read of each page, kept as text for a person to review.

`UPDATE_SNAPSHOTS=1 pytest tests/browser/test_snapshots.py` writes it anew.
"""

import os
import re
from pathlib import Path

import pytest

from tests.browser.conftest import Show, send
from tests.browser.pages import PLACES, Place

KEPT = Path(__file__).resolve().parent / "snapshots"
REFERENCE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){1,2}\b")
MOMENT = re.compile(r"\d{1,2} [A-Z][a-z]{2,8}(?: \d{4})?(?:, \d\d:\d\d)?|\d\d:\d\d(?::\d\d)?")
ADDRESS = re.compile(r"\n *- /url: .*")


def steady(tree: str) -> str:
    """The tree without what is another one each time."""
    return MOMENT.sub("(moment)", REFERENCE.sub("(reference)", ADDRESS.sub("", tree))) + "\n"


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_page_reads_as_reviewed(show: Show, place: Place) -> None:
    page = show(place, "en")
    tree = page.locator("body").aria_snapshot()
    if place.wrong is not None:
        tree += "\n\n# with mistakes\n" + send(page, place).locator("main").aria_snapshot()
    file = KEPT / f"{re.sub('[^a-z]+', '-', place.name)}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        KEPT.mkdir(exist_ok=True)
        file.write_text(steady(tree), encoding="utf-8")
    assert steady(tree) == file.read_text(encoding="utf-8")

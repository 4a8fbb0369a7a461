"""What a screen reader would read of each page, kept as text for a person to review.

`UPDATE_SNAPSHOTS=1 pytest tests/browser/test_each_page.py` writes it anew.
"""

import os
import re
from pathlib import Path

from playwright.sync_api import Page

KEPT = Path(__file__).resolve().parent / "snapshots"
REFERENCE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){1,2}\b")
CLOCK = r"\d\d:\d\d(?::\d\d)?"
DAY = rf"\d{{1,2}} [A-Z][a-z]{{2,8}}(?: \d{{4}})?(?:, {CLOCK})?|(?:\d{{4}} 年 )?\d{{1,2}} 月 \d{{1,2}} 日(?: {CLOCK})?"
MOMENT = re.compile(rf"{DAY}|{CLOCK}")
ADDRESS = re.compile(r"\n *- /url: .*")
WHOLE = {"en": "body", "zh-hans": "main"}
"""The frame around a page is read once, in English."""


def heard(page: Page, part: str) -> str:
    """The title and the tree of a part of the page, without what is another one each time."""
    tree = ADDRESS.sub("", page.locator(part).aria_snapshot())
    return f"# {page.title()}\n{MOMENT.sub('(moment)', REFERENCE.sub('(reference)', tree))}\n"


def reviewed(name: str, language: str, said: str) -> str:
    """What was reviewed of this page."""
    file = KEPT / language / f"{re.sub('[^a-z0-9]+', '-', name)}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(said, encoding="utf-8")
    return file.read_text(encoding="utf-8")

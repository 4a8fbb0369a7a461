"""What is looked for on a page that Chromium shows: each function gives a list of complaints."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import trans_real
from playwright.sync_api import Page

HERE = Path(__file__).resolve().parent
AXE = (HERE.parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = (HERE / "rules.js").read_text(encoding="utf-8")
MIRRORED = (HERE / "mirrored.js").read_text(encoding="utf-8")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""Those that look at colours."""
RUN_AXE = """async (rules) => {
  const found = await axe.run({runOnly: rules, resultTypes: ['violations'], preload: false});
  return found.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.target + ' ' + n.failureSummary));
}"""
SIDEWAYS = """() => {
  const d = document.documentElement;
  const out = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1
    && !e.closest('.vh') && getComputedStyle(e).position !== 'absolute');
  return d.scrollWidth > innerWidth ? ['scrolls sideways: ' + d.scrollWidth + ' > ' + innerWidth,
    ...out.slice(-3).map(e => e.outerHTML.slice(0, 120))] : [];
}"""
SPACED = """() => { for (const e of document.querySelectorAll('body *')) {
  e.style.lineHeight = '1.5'; e.style.letterSpacing = '0.12em'; e.style.wordSpacing = '0.16em'; } }"""
UNSPACED = re.sub("= '[^']+'", "= ''", SPACED)
LATIN = re.compile(r"[A-Za-z]{3,}(?: [A-Za-z]+)+")


def axe(page: Page, rules: list[str] = WCAG) -> list[str]:
    """Violations of WCAG 2.2 A and AA and of best practices."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN_AXE, rules)
    return found


def rules(page: Page, *, big: bool = False, wrong: bool = False) -> list[str]:
    """Breaches of the rules of the pages (T3 to T5, T9, T10, T12)."""
    found: list[str] = page.evaluate(RULES, {"big": big, "wrong": wrong})
    return found


def seen_in_each_colour(page: Page, **asked: bool) -> list[str]:
    """What axe and the rules say of the page, with all of it unfolded, in light and in dark colours."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found: list[str] = []
    for scheme, looked_for in (("light", WCAG), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += [f"{scheme}: {words}" for words in axe(page, looked_for) + rules(page, **asked)]
    return found


@contextmanager
def in_large_print(page: Page) -> Iterator[None]:
    """The page as the server writes it for who chose large print."""
    page.evaluate("document.documentElement.dataset.big = ''")
    yield
    page.evaluate("delete document.documentElement.dataset.big")


def mirrored(page: Page) -> list[str]:
    """T12: numbers that are reversed, and what sticks out, at 320 pixels in a language from right to left. The page is
    not itself afterwards."""
    page.set_viewport_size({"width": 320, "height": 640})
    found: list[str] = page.evaluate(MIRRORED)
    return found


def reflow(page: Page) -> list[str]:
    """T11: sideways scrolling at 320 pixels (400 % at 1280), with text twice as large, with text spaced out."""
    found: list[str] = []
    page.set_viewport_size({"width": 320, "height": 640})
    found += [f"320 px: {words}" for words in page.evaluate(SIDEWAYS)]
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found += [f"200 %: {words}" for words in page.evaluate(SIDEWAYS)]
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.evaluate(SPACED)
    found += [f"spaced: {words}" for words in page.evaluate(SIDEWAYS)]
    page.evaluate(UNSPACED)
    return found


def untranslated(page: Page, language: str) -> list[str]:
    """T13: English on a Chinese page: a string of the catalogue, or several Latin words in a row."""
    if language == "en":
        return []
    texts: list[str] = page.evaluate(
        """() => { const found = [document.title], walker = document.createTreeWalker(document.body, 4);
        for (let t = walker.nextNode(); t; t = walker.nextNode())
          if (!t.parentElement.closest('script, [lang=en]') && t.data.trim()) found.push(t.data.trim());
        return found; }"""
    )
    english = msgids(language)
    return [text for text in texts if text in english or LATIN.search(text)]


def msgids(language: str) -> set[str]:
    """Every string of the catalogue that reads differently in this language."""
    catalogue = trans_real.translation(language)._catalog.items()  # type: ignore[attr-defined]
    return {key.strip() for key, words in catalogue if isinstance(key, str) and key and words != key}

"""The summary of a card as a PDF: tagged (PDF/UA-1), with its title and language, its letters embedded."""

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path

import typst
from django.utils.translation import gettext as _
from pylopdf_fonts_zh_cn import sans_path

from accounts.summaries import Summary

TEMPLATE = Path(__file__).with_name("summary.typ")
LANGUAGES = {"zh-hans": ("zh", "cn"), "en": ("en", "gb")}


@cache
def _fonts() -> typst.Fonts:
    """Those of the locked package alone, so that a PDF looks alike on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(sans_path().parent)])


def write_pdf(summary: Summary, language: str) -> bytes:
    """Set the summary in this language, whose words it has already."""
    lang, region = LANGUAGES.get(language, (language.partition("-")[0], None))
    said = {**asdict(summary), "functions_title": _("What the card can do"), "lang": lang, "region": region}
    pdf: bytes = typst.compile(
        str(TEMPLATE), font_paths=_fonts(), sys_inputs={"summary": json.dumps(said)}, pdf_standards=["ua-1"]
    )
    return pdf

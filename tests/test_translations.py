"""Every string of the code is translated, and what is compiled is what is written."""

import gettext
import shutil
import subprocess
import sys
from pathlib import Path

LOCALE = "zh_Hans"
NOT_FOR_PEOPLE = ("--ignore", "tests", "--ignore", "benchmarks")


def catalogue(copy: Path) -> Path:
    return copy / "locale" / LOCALE / "LC_MESSAGES" / "django.po"


def compiled(po: Path, *options: str) -> dict[object, str]:
    """The entries of a catalogue that are translated and not guessed."""
    mo = po.with_suffix(".tried.mo")
    subprocess.run(["msgfmt", "--check-format", *options, f"--output-file={mo}", str(po)], check=True)
    return entries(mo)


def entries(mo: Path) -> dict[object, str]:
    with mo.open("rb") as file:
        found: dict[object, str] = dict(vars(gettext.GNUTranslations(file))["_catalog"])
    found.pop("", None)
    return found


def missing(po: Path) -> set[object]:
    """What is not translated, or only guessed."""
    filled = po.with_suffix(".filled.po")
    subprocess.run(["msgen", f"--output-file={filled}", str(po)], check=True)
    return compiled(filled, "--use-fuzzy").keys() - compiled(po).keys()


def collect(copy: Path) -> None:
    """Collect the strings of the code anew, as `make messages` does."""
    subprocess.run(
        [
            sys.executable,
            "manage.py",
            "makemessages",
            "--locale",
            LOCALE,
            "--no-obsolete",
            "--no-wrap",
            *NOT_FOR_PEOPLE,
        ],
        cwd=copy,
        check=True,
        capture_output=True,
    )


def test_every_string_of_the_code_is_translated(clean_copy: Path) -> None:
    collect(clean_copy)
    assert missing(catalogue(clean_copy)) == set()


def test_catalogue_holds_nothing_that_the_code_does_not_say(clean_copy: Path) -> None:
    written = compiled(catalogue(clean_copy))
    collect(clean_copy)
    assert written.keys() - compiled(catalogue(clean_copy)).keys() == set()


def test_what_is_compiled_is_what_is_written(clean_copy: Path) -> None:
    po = catalogue(clean_copy)
    written = compiled(po)
    assert len(written) > 100
    assert entries(po.with_suffix(".mo")) == written


def test_string_without_a_translation_would_be_found(clean_copy: Path) -> None:
    (clean_copy / "cards" / "planted.py").write_text(
        "from django.utils.translation import gettext as _\n\nPLANTED = _('a planted\\nstring')\n"
    )
    collect(clean_copy)
    assert "a planted\nstring" in missing(catalogue(clean_copy))


def test_guessed_translation_would_be_found(clean_copy: Path, tmp_path: Path) -> None:
    po = tmp_path / "guessed.po"
    shutil.copy(catalogue(clean_copy), po)
    with po.open("a", encoding="utf-8") as file:
        file.write('\n#, fuzzy\nmsgid "a guessed string"\nmsgstr "猜"\n')
    assert "a guessed string" in missing(po)

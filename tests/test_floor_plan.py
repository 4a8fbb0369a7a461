"""The house itself: who may import whom, how long a file may be, what may stand nowhere."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import grimp
import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = sorted(path.parent.name for path in ROOT.glob("*/apps.py"))
LONGEST = 300
HOMELESS = {"core", "common", "utils", "util", "helpers", "misc", "base", "lib"}
OURS = re.compile(r"\.(py|html|css|js|txt|sh)$")
#: Each is cut in two, so that this file holds none of them.
MACHINE = re.compile("|".join(["/wo" + "rk/", "/tmp/" + "wt", "/op" + "t/pypi", "/ro" + "ot/", "/ho" + "me/[a-z]"]))
REGISTRY = re.compile("|".join(["pypi" + r"\.org", "python" + r"hosted", "registry" + r"\.npm", "index-" + "url"]))
UNFINISHED = re.compile(r"\b(TO" + "DO|FIX" + "ME|X" + "XX|NotImplemented" + r"Error)\b|mark\.(sk" + "ip|xf" + "ail)")


def our_sources(folder: Path) -> list[Path]:
    """What people wrote: no migrations, no locks, nothing of others."""
    return [
        path
        for path in folder.rglob("*")
        if OURS.search(path.name)
        and not {"migrations", "vendor"} & set(path.parts)
        and not path.name.startswith("requirements")
    ]


def imports() -> dict[str, set[str]]:
    """Each module of the rooms with the modules that it imports."""
    graph = grimp.build_graph(*ROOMS, cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def cycle(importing: dict[str, set[str]]) -> list[str]:
    """One cycle among them, or nothing."""
    try:
        TopologicalSorter(importing).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def too_long(paths: Iterable[Path]) -> dict[str, int]:
    """Those with more lines than a file may have."""
    lengths = {str(path): path.read_text(encoding="utf-8").count("\n") for path in paths}
    return {path: lines for path, lines in lengths.items() if lines > LONGEST}


def found(pattern: re.Pattern[str], paths: Iterable[Path]) -> Iterator[str]:
    """Where the pattern stands, as path:line: text."""
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line):
                yield f"{path}:{number}: {line.strip()[:120]}"


def settings() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        tools: dict[str, Any] = tomllib.load(file)["tool"]
    return tools


def test_rooms_import_downwards_only() -> None:
    """In a process of its own: it sets up logging anew, and the tests after it would hear no log."""
    linter = Path(sys.executable).with_name("lint-imports")
    found = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


def test_every_room_stands_in_the_plan_and_the_plan_has_no_exception() -> None:
    linter = settings()["importlinter"]
    assert sorted(linter["root_packages"]) == ROOMS
    allowed = {"name", "type", "layers", "containers", "exhaustive", "modules"}
    assert [contract for contract in linter["contracts"] if set(contract) - allowed] == []
    layers = linter["contracts"][0]["layers"]
    assert sorted(room.strip() for layer in layers for room in layer.split("|")) == ROOMS


def test_no_module_imports_itself_by_a_detour() -> None:
    assert cycle(imports()) == []


def test_detour_would_be_found() -> None:
    assert set(cycle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})) == {"a", "b", "c"}
    assert cycle({"a": {"b"}, "b": {"c"}, "c": set()}) == []


def test_no_file_is_longer_than_300_lines(clean_copy: Path) -> None:
    sources = our_sources(clean_copy)
    assert len(sources) > 50
    assert too_long(sources) == {}


def test_longer_file_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("pass\n" * 301)
    (tmp_path / "short.py").write_text("pass\n" * 300)
    assert too_long(tmp_path.iterdir()) == {str(tmp_path / "long.py"): 301}


def test_no_module_is_a_drawer_for_what_has_no_room() -> None:
    assert [module for module in imports() if module.rsplit(".", 1)[-1] in HOMELESS] == []


@pytest.mark.parametrize("pattern", [MACHINE, REGISTRY, UNFINISHED], ids=["machine path", "registry", "unfinished"])
def test_sources_hold_nothing_of_one_machine_and_nothing_unfinished(
    pattern: re.Pattern[str], clean_copy: Path
) -> None:
    others = [*clean_copy.glob("requirements*"), *clean_copy.rglob("*.md"), *clean_copy.glob("*file")]
    assert list(found(pattern, [*our_sources(clean_copy), *others])) == []


def test_patterns_would_find_what_they_are_for(tmp_path: Path) -> None:
    planted = tmp_path / "planted.txt"
    for pattern, text in ((MACHINE, "cd /wo" + "rk/x"), (REGISTRY, "--index-" + "url x"), (UNFINISHED, "# TO" + "DO")):
        planted.write_text(text)
        assert len(list(found(pattern, [planted]))) == 1


def test_each_decision_note_has_a_number_of_its_own_which_its_title_bears() -> None:
    notes = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(note.name.split("-")[0]) for note in notes]
    assert numbers == list(range(1, len(notes) + 1))
    titles = [re.match(r"# (\d+)\. ", note.read_text(encoding="utf-8")) for note in notes]
    assert [title and int(title[1]) for title in titles] == numbers

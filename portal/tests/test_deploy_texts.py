"""README and compose.yaml start the same processes. compose.yaml is read, not run: there is no Docker here."""

import re
import shlex
from itertools import pairwise
from typing import Any

import pytest
import yaml

from portal.broker import QUEUES
from portal.tests.servers import ROOT

PROCESSES = {"web": "granian", **{queue: f"-Q {queue} " for queue in QUEUES}, "beat": "portal beat"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    described: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return described


def documented() -> list[list[str]]:
    """The long-running commands of README.md, without where they are installed."""
    text = (ROOT / "README.md").read_text().replace("\\\n", " ")
    commands = re.findall(r"^    \.venv/bin/((?:granian|celery) .*)$", text, re.M)
    return [shlex.split(command) for command in commands]


def without_address(command: list[str]) -> list[str]:
    """A container listens on every address of its own."""
    return ["ADDRESS" if before in ("--host", "--port") else word for before, word in pairwise(["", *command])]


@pytest.mark.parametrize("service", PROCESSES)
def test_a_service_runs_what_the_readme_says(compose: dict[str, Any], service: str) -> None:
    (command,) = [words for words in documented() if PROCESSES[service] in " ".join(words)]
    assert without_address(compose["services"][service]["command"]) == without_address(command)


def test_every_process_of_the_readme_has_a_service() -> None:
    assert len(documented()) == len(PROCESSES)


def test_every_process_waits_for_the_migrations_and_has_the_same_settings(compose: dict[str, Any]) -> None:
    for service in PROCESSES:
        described = compose["services"][service]
        assert described["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
        assert described["environment"] == compose["services"]["migrate"]["environment"]
        assert described["env_file"] == ".env"


def test_first_line_of_the_readme_names_what_a_bare_debian_lacks() -> None:
    first = (ROOT / "README.md").read_text().splitlines()[0]
    assert "make" in first
    assert "python3-venv" in first

"""Which database the suite runs on. Loaded by `-p` in pyproject.toml, because settings read DATABASE_URL at once.

`--database=sqlite` (the default): every test but those that use the fixture `postgres`.
`--database=postgresql`: every test that touches the database, but those marked `sqlite` and those that drive a browser
without asking for `postgres`. A test that is not of this database is deselected, never skipped.

A test whose server is not installed is left out and named at the end; with CI=true the run fails instead.
"""

import os
import re
import shutil
from itertools import accumulate, groupby
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from tests.services import chromium
from tests.services.postgres import PostgresServer, programs

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "postgres", "django_db_reset_sequences"}
BROWSER_FIXTURES = {"browser", "chromium", "new_context", "context", "page"}
ROOT = Path(__file__).resolve().parents[2]
#: What the environment of a shell says about a portal is not said about the one under test.
THE_PORTALS_OWN = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M)
SERVER = pytest.StashKey[PostgresServer]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --database and --full."""
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite", help="what the suite runs on")
    parser.addoption("--full", action="store_true", help="tests as long and as large as their claims say")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Start PostgreSQL once per run, before the settings are read. The workers of xdist inherit its address."""
    os.environ["PORTAL_MODE"] = "development"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's sync API runs an event loop in the tests' thread.
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    for variable in THE_PORTALS_OWN:
        os.environ.pop(variable, None)
    os.environ["PORTAL_MODE"] = "development"
    if early_config.known_args_namespace.database == "postgresql":
        if programs() is None:
            pytest.exit("LEFT OUT: every test on PostgreSQL, for it is not installed", returncode=int(in_ci()))
        server = early_config.stash[SERVER] = PostgresServer()
        early_config.add_cleanup(server.remove)
        os.environ["DATABASE_URL"] = server.start().url


def pytest_configure(config: pytest.Config) -> None:
    """Name our marks; in CI refuse to run without every server."""
    if in_ci() and (absent := not_installed()):
        raise pytest.UsageError(f"not installed: {', '.join(sorted(set(absent.values())))}. CI leaves nothing out.")
    # A stored password says how often it was hashed, so that servers under test check it as they check any other.
    PBKDF2PasswordHasher.iterations = 1
    config.addinivalue_line("markers", "sqlite: true on SQLite only")
    config.addinivalue_line("markers", "long: with --full only, for it takes an hour")
    config.addinivalue_line("markers", "browser: drives Chromium (set by itself)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the browser's tests, and keep the tests of this database whose servers are installed."""
    on_postgresql = config.getoption("--database") == "postgresql"
    absent = not_installed()
    full = config.getoption("--full")
    kept: list[pytest.Item] = []
    deselected: list[pytest.Item] = []
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & BROWSER_FIXTURES:
            item.add_marker("browser")
        here = belongs(item, fixtures, on_postgresql=on_postgresql) and not fixtures & absent.keys()
        here = here and (full or item.get_closest_marker("long") is None)
        (kept if here else deselected).append(item)
    if deselected:
        config.hook.pytest_deselected(items=deselected)
    items[:] = spread(kept)


def spread(items: list[pytest.Item]) -> list[pytest.Item]:
    """Put the files of tests/faults, which mostly wait, evenly between the others, which do not."""
    files = [(path, list(found)) for path, found in groupby(items, key=lambda item: item.path)]
    waiting = [found for path, found in files if path.parent.name == "faults"]
    busy = [found for path, found in files if path.parent.name != "faults"]
    starts = accumulate((len(found) for found in busy), initial=0)
    places = [(start, found) for start, found in zip(starts, busy, strict=False)]
    places += [(number * len(items) // len(waiting), found) for number, found in enumerate(waiting)]
    return [item for _start, found in sorted(places, key=lambda place: place[0]) for item in found]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was left out."""
    for program in sorted(set(not_installed().values())):
        terminalreporter.section(f"LEFT OUT: every test that needs {program}, for it is not installed", red=True)


def belongs(item: pytest.Item, fixtures: set[str], *, on_postgresql: bool) -> bool:
    """Whether this test is one of this database's run."""
    if "postgres" in fixtures:
        return on_postgresql
    if not on_postgresql:
        return True
    if item.get_closest_marker("sqlite") or item.get_closest_marker("browser"):
        return False
    return item.get_closest_marker("django_db") is not None or bool(fixtures & DATABASE_FIXTURES)


def not_installed() -> dict[str, str]:
    """The fixtures that cannot be had on this machine, each with the Debian package that it lacks."""
    absent: dict[str, str] = {}
    if programs() is None:
        absent["postgres_server"] = "postgresql"
    if shutil.which("redis-server") is None:
        absent["redis_server"] = "redis-server"
    if not Path(chromium.PROGRAM).exists():
        absent.update(dict.fromkeys(BROWSER_FIXTURES, "chromium"))
    return absent


def in_ci() -> bool:
    """Whether nothing may be left out."""
    return os.environ.get("CI") == "true"

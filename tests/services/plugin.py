"""Which database the suite runs on. Loaded by `-p` in pyproject.toml, because settings read DATABASE_URL at once.

`--database=sqlite` (the default): every test but those that use the fixture `postgres`.
`--database=postgresql`: every test that touches the database, but those marked `sqlite` and those that drive a browser
without asking for `postgres`. A test that is not of this database is deselected, never skipped.
"""

import os

import pytest

from tests.services.postgres import PostgresServer

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "postgres", "django_db_reset_sequences"}
BROWSER_FIXTURES = {"browser", "chromium", "new_context", "context", "page"}
SERVER = pytest.StashKey[PostgresServer]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --database."""
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite", help="what the suite runs on")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Start PostgreSQL once per run, before the settings are read. The workers of xdist inherit its address."""
    os.environ["PORTAL_MODE"] = "development"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's sync API runs an event loop in the tests' thread.
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    os.environ.pop("DATABASE_URL", None)
    if early_config.known_args_namespace.database == "postgresql":
        server = early_config.stash[SERVER] = PostgresServer()
        early_config.add_cleanup(server.remove)
        os.environ["DATABASE_URL"] = server.start().url


def pytest_configure(config: pytest.Config) -> None:
    """Name our marks."""
    config.addinivalue_line("markers", "sqlite: true on SQLite only")
    config.addinivalue_line("markers", "browser: drives Chromium (set by itself)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the browser's tests, and keep the tests of this database."""
    on_postgresql = config.getoption("--database") == "postgresql"
    kept, left = [], []
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & BROWSER_FIXTURES:
            item.add_marker("browser")
        (kept if _belongs(item, fixtures, on_postgresql=on_postgresql) else left).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


def _belongs(item: pytest.Item, fixtures: set[str], *, on_postgresql: bool) -> bool:
    if "postgres" in fixtures:
        return on_postgresql
    if not on_postgresql:
        return True
    if item.get_closest_marker("sqlite") or item.get_closest_marker("browser"):
        return False
    return item.get_closest_marker("django_db") is not None or bool(fixtures & DATABASE_FIXTURES)

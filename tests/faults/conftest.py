"""An installation whose text messages travel by the carrier, on the suite's PostgreSQL; and the figures at the end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from demo.carrier.server import Carrier
from tests.protections.conftest import database_url, production_code
from tests.services.installation import Installation
from tests.services.redis import RedisServer

__all__ = ["production_code"]

FIGURE = "figure"
Note = Callable[[str], None]


@pytest.fixture
def full(request: pytest.FixtureRequest) -> bool:
    """Whether to run as long and as large as the claim says."""
    return bool(request.config.getoption("--full"))


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """Tell a figure; all of them are printed at the end of the run."""
    return lambda figure: request.node.user_properties.append((FIGURE, f"{request.node.name}: {figure}"))


@pytest.fixture
def carrier() -> Iterator[Carrier]:
    with Carrier() as carrier:
        yield carrier


@pytest.fixture
def installation(
    django_db_setup: None,
    production_code: Path,
    redis_server: RedisServer,
    carrier: Carrier,
    tmp_path: Path,
    settings: LazySettings,
) -> Iterator[Installation]:
    """None of its processes is started. This process reads and writes the columns of the installation."""
    redis_server.client().flushall()
    told = {"DATABASE_URL": database_url(), "REDIS_URL": redis_server.url, "SMS_URL": carrier.url, "LOG_LEVEL": "INFO"}
    with Installation(production_code, tmp_path, **told) as installation:
        for name, value in installation.settings_of_keys.items():
            setattr(settings, name, value)
        yield installation


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, [])]
    figures = [text for report in reports for name, text in report.user_properties if name == FIGURE]
    if figures:
        terminalreporter.section("figures")
        terminalreporter.write_line("\n".join(figures))

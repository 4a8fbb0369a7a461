"""An installation of the portal for each file of tests, on the database of the suite."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from tests.services.clone import copy_clone
from tests.services.installation import Installation, manage, outside

NAIVE = "tests.protections.naive_wsgi:application"
"""A portal without one of its protections, for `Installation.web_of`."""


@pytest.fixture(scope="session")
def production_code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of the portal whose static files are gathered."""
    code = copy_clone(tmp_path_factory.mktemp("production") / "clone")
    gathered = manage(code, outside(), "collectstatic", "--noinput", "--verbosity=0", "--skip-checks")
    assert gathered.returncode == 0, gathered.stderr
    return code


@pytest.fixture
def with_its_keys(installation: Installation, settings: LazySettings) -> None:
    """This process reads and writes the columns of the installation."""
    for name, value in installation.settings_of_keys.items():
        setattr(settings, name, value)


def database_url() -> str:
    """The suite's database, for another process."""
    parts = connection.settings_dict
    return f"postgres://{parts['USER']}@{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"
